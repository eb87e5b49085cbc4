"""Work outside the request: a billing run is handed to the queue, which may lose it; its row does not."""

from billing.services import bulk
from optamed.core.jobs import queue


def _work_off(run_id: int) -> None:
    bulk.work(run_id=run_id)


work_off = queue.task(name="billing_run")(_work_off)
