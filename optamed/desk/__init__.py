"""What spans the whole house: Today, the Finish panel, search, statistics, the demo practice and the benchmark.

Leans on every app to its left and owns no table. Promises that its verbs call the services of each app and never
write themselves.
"""
