@echo off
rem Sets OptaMed up where that is needed, and starts it. Options: run --help
setlocal
where py >nul 2>nul
if not errorlevel 1 (
    py -3 -I -S "%~dp0optamed\bootstrap.py" run %*
    goto ended
)
where python >nul 2>nul
if not errorlevel 1 (
    python -I -S "%~dp0optamed\bootstrap.py" run %*
    goto ended
)
echo OptaMed needs Python 3.11 or newer, which is missing here. Install it from the Microsoft Store, then start again.
pause
exit /b 1

:ended
rem A window that was opened by a double click would take the sentence with it.
if errorlevel 1 (
    pause
    exit /b 1
)
exit /b 0
