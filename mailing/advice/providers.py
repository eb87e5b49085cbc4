"""What single providers call things, and where they hide them. Checked together with presets.json."""

from django.utils.translation import gettext_lazy as _

from mailing.advice.general import CHECK_PASSWORD, Advice

COPY_GMAIL = _("Copy the 16 letters into the field “Password”, with or without spaces.")
GOOGLE = "https://myaccount.google.com/apppasswords"
APPLE = "https://account.apple.com"
YAHOO = "https://login.yahoo.com/account/security"

GMAIL = Advice(
    _("Gmail wants an app password"),
    _("The usual password of the account is refused."),
    (
        _("Open {link}. If the page does not exist, first switch on 2-Step Verification."),
        _("Write “OptaMed” as the name, then “Create”."),
        COPY_GMAIL,
    ),
    GOOGLE,
)
ICLOUD = Advice(
    _("iCloud wants an app-specific password"),
    _("The usual password of the Apple Account is refused."),
    (
        _("Open {link} and sign in. Under “Sign-In and Security”, choose “App-Specific Passwords”."),
        _("Add one with the name “OptaMed”."),
        _("Copy it into the field “Password”. With a domain of your own, the user name is your address @icloud.com."),
    ),
    APPLE,
)
YAHOO_APP = Advice(
    _("Yahoo wants an app password"),
    _("The usual password of the account is refused."),
    (
        _("Open {link} and choose “Generate app password”."),
        _("Write “OptaMed” as the name, then “Generate”."),
        COPY_GMAIL,
    ),
    YAHOO,
)
GMX = Advice(
    _("GMX does not let OptaMed in"),
    _("The access by POP3 and IMAP is off, or the password is wrong. It goes off by itself when not used for long."),
    (
        _("Open {link} and sign in. Under “E-Mail”, “Settings”, “POP3/IMAP”, allow the access by other programs."),
        _("With two-step sign-in, create an application-specific password and use it here."),
        CHECK_PASSWORD,
    ),
    "https://www.gmx.ch",
)
OUTLOOK = Advice(
    _("Outlook and Hotmail take no passwords"),
    _("Since September 2024 Microsoft no longer accepts passwords from other programs here, not even app passwords."),
    (_("Use another mailbox for now: Gmail, iCloud, Infomaniak, Bluewin or the one of your domain."),),
)
MICROSOFT_OFF = Advice(
    _("Microsoft 365 takes no passwords from your organisation"),
    _("Programs may not send by password (SMTP AUTH is off)."),
    (
        _("Ask the administrator to allow “Authenticated SMTP” for this mailbox: {link}"),
        _("If this is not possible, use another mailbox for now."),
    ),
    "https://aka.ms/smtp_auth_disabled",
)
INFOMANIAK = Advice(
    _("Infomaniak refuses user name or password"),
    _("With two-step sign-in, the mailbox wants a password of its own for OptaMed."),
    (
        _("Open {link}, choose the mailbox and create a password for a device."),
        _("Copy it into the field “Password”."),
    ),
    "https://config.infomaniak.com",
)
BRIDGE = Advice(
    _("Proton Bridge refuses the password"),
    _("Bridge has a password of its own, not the one of the Proton account."),
    (
        _("Open Proton Bridge and choose the mailbox."),
        _("Copy user name and password from there."),
    ),
)
BRIDGE_SILENT = Advice(
    _("Proton Bridge does not answer"),
    _("Bridge must run on this computer."),
    (_("Start Proton Bridge and wait until the mailbox is ready."), _("Compare the port with the one Bridge shows.")),
)
BRIDGE_CERTIFICATE = Advice(
    _("The certificate of Proton Bridge is missing"),
    _("Bridge makes its own certificate; OptaMed trusts exactly this one."),
    (
        _("In Proton Bridge, open “Settings”, “Advanced settings”, and export the certificate."),
        _("Paste the text of the file cert.pem under “Modify”."),
    ),
)

PROVIDERS: dict[tuple[str, str], Advice] = {
    ("auth.app_password_required", "gmail"): GMAIL,
    ("auth.bad_credentials", "gmail"): GMAIL,
    ("auth.app_password_required", "icloud"): ICLOUD,
    ("auth.bad_credentials", "icloud"): ICLOUD,
    ("auth.app_password_required", "yahoo"): YAHOO_APP,
    ("auth.bad_credentials", "yahoo"): YAHOO_APP,
    ("auth.third_party_off", "gmx"): GMX,
    ("auth.bad_credentials", "gmx"): GMX,
    ("auth.basic_disabled", "outlook"): OUTLOOK,
    ("auth.bad_credentials", "outlook"): OUTLOOK,
    ("auth.basic_disabled", "microsoft365"): MICROSOFT_OFF,
    ("auth.smtp_auth_off_tenant", "microsoft365"): MICROSOFT_OFF,
    ("auth.bad_credentials", "infomaniak"): INFOMANIAK,
    ("auth.bad_credentials", "proton"): BRIDGE,
    ("tcp.refused", "proton"): BRIDGE_SILENT,
    ("tls.unknown_ca", "proton"): BRIDGE_CERTIFICATE,
}
