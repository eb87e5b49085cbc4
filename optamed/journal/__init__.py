"""Who read or changed which record, and when: ids only, never names or content (OPDo art. 4).

Leans on core alone. Promises that an entry stands in the same transaction as the change it tells of, and that the
journal file only grows: its entries are chained by hash, and a broken chain is found.
"""
