@echo off
rem Sets the tests up where that is needed, and runs them. test --fast: only what needs neither browser nor PostgreSQL.
setlocal
where py >nul 2>nul
if not errorlevel 1 (
    py -3 -I -S "%~dp0optamed\bootstrap.py" test %*
    exit /b
)
python -I -S "%~dp0optamed\bootstrap.py" test %*
exit /b
