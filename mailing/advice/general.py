"""For every key: a title, the cause in plain words, and what to do. Single providers have their own words elsewhere."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Advice:
    """What happened, why, what now. `{link}` in a step stands for `link`."""

    title: Text
    cause: Text
    steps: tuple[Text, ...] = ()
    link: str = ""


CHECK_PASSWORD = _("Type the e-mail address and the password again.")
CHECK_WEB = _("Sign in to the mailbox in the browser with the same password. If that fails too, the password is wrong.")
LATER = _("Try again in a few minutes.")
ASK_PROVIDER = _("Ask your mail provider for the right settings for outgoing mail (SMTP).")
CHECK_SERVER = _("Open the server settings with “Modify” and compare them with what your provider says.")
OTHER_PORT = _("Under “Modify”, try port 465 with TLS, or port 587 with STARTTLS.")
NOTHING_TO_DO = _("There is nothing to do: OptaMed tries again by itself.")
ASK_PATIENT = _("Ask the patient for the right address, correct it and send the message again.")
SAME_ADDRESS = _("Enter the address of the mailbox itself as the e-mail address.")

GENERAL: dict[str, Advice] = {
    "ok": Advice(_("OK"), _("The mailbox accepts the sign-in.")),
    # what was typed
    "input.host": Advice(
        _("This is not the name of a server"), _("A server name looks like mail.example.ch."), (CHECK_SERVER,)
    ),
    "input.port": Advice(
        _("This port is not for sending mail"), _("Mail leaves through port 465, 587 or 2525."), (OTHER_PORT,)
    ),
    "input.password": Advice(
        _("The password is missing"),
        _("A stored password is only used with the server and the user name it was tested with."),
        (_("Type the password again."),),
    ),
    "input.certificate": Advice(
        _("The certificate cannot be read"),
        _("A certificate starts with “-----BEGIN CERTIFICATE-----”."),
        (_("Paste the whole text of the file, or leave the field empty."),),
    ),
    "policy.private_address": Advice(
        _("This server is in a private network"),
        _("For your safety OptaMed connects only to mail servers on the internet."),
        (_("Choose your provider from the list, or correct the name of the server."),),
    ),
    "rate.own_limit": Advice(
        _("Too many tests"),
        _("A mailbox that is tested too often gets locked by its provider."),
        (_("Wait a minute."),),
    ),
    "auth.paused": Advice(
        _("A pause after three wrong passwords"),
        _("Providers lock a mailbox after a few wrong passwords. OptaMed stops before that."),
        (_("Wait a quarter of an hour."), CHECK_WEB),
    ),
    # the way to the server
    "dns.not_found": Advice(
        _("This server does not exist"),
        _("Nobody on the internet has this name."),
        (_("Look for a typing error in the name of the server."), CHECK_SERVER),
    ),
    "dns.temporary": Advice(
        _("The server was not found"),
        _("The internet does not answer at the moment."),
        (_("Check whether other pages open in the browser."), LATER),
    ),
    "dns.timeout": Advice(
        _("The server was not found in time"),
        _("The internet answers very slowly or not at all."),
        (_("Check whether other pages open in the browser."), LATER),
    ),
    "tcp.refused": Advice(
        _("The server refuses the connection"), _("Nobody answers on this port."), (OTHER_PORT, CHECK_SERVER)
    ),
    "net.unreachable": Advice(
        _("You are offline"),
        _("This computer has no way to the internet."),
        (_("Connect to the internet and test again."),),
    ),
    "timeout.tcp": Advice(
        _("The server does not answer"),
        _("A firewall or a guest Wi-Fi often blocks the ports for mail."),
        (_("Try another network, for example the phone’s hotspot."), OTHER_PORT),
    ),
    "banner.not_smtp": Advice(
        _("This is not a mail server"),
        _("Perhaps a Wi-Fi sign-in page answers instead, or the port is wrong."),
        (_("Open a page in the browser and sign in to the Wi-Fi."), OTHER_PORT),
    ),
    "timeout": Advice(
        _("The server stopped answering"), _("Often the kind of encryption does not fit the port."), (OTHER_PORT, LATER)
    ),
    "dropped": Advice(
        _("The server broke off the connection"),
        _("Often the kind of encryption does not fit the port."),
        (OTHER_PORT, LATER),
    ),
    "server.busy": Advice(_("The server is busy"), _("The provider has too much to do at the moment."), (LATER,)),
    "rate.try_later": Advice(
        _("The server asks for patience"), _("There were too many connections in a short time."), (LATER,)
    ),
    # encryption
    "tls.wrong_mode": Advice(
        _("The kind of encryption does not fit"), _("The server uses the other kind on this port."), (OTHER_PORT,)
    ),
    "tls.not_offered": Advice(
        _("The server offers no encryption"),
        _("Without it passwords and invoices could be read on their way, so OptaMed does not send them."),
        (OTHER_PORT, ASK_PROVIDER),
    ),
    "tls.refused": Advice(
        _("The server refuses encryption"), _("It offers encryption and then declines."), (LATER, OTHER_PORT)
    ),
    "tls.failed": Advice(
        _("No encryption was agreed on"), _("The server may be too old for today’s encryption."), (ASK_PROVIDER,)
    ),
    "tls.hostname": Advice(
        _("The certificate is for another server"),
        _("The name of the server does not fit its certificate."),
        (_("Use the server name of your provider instead of one under your own domain."), ASK_PROVIDER),
    ),
    "tls.expired": Advice(
        _("The certificate has expired"),
        _("Or the clock of this computer is wrong."),
        (_("Check date and time of this computer."), ASK_PROVIDER),
    ),
    "tls.not_yet_valid": Advice(
        _("The certificate is not valid yet"),
        _("Mostly the clock of this computer is wrong."),
        (_("Check date and time of this computer."),),
    ),
    "tls.unknown_ca": Advice(
        _("The certificate is not trusted"),
        _("An antivirus program or a firewall opens the mail traffic, or the server is a private one."),
        (
            _("Switch off the mail scan of the antivirus program for outgoing mail."),
            _("With a server of your own: paste its certificate under “Modify”."),
        ),
    ),
    # sign-in
    "auth.bad_credentials": Advice(
        _("User name or password is wrong"), _("The server does not accept them."), (CHECK_PASSWORD, CHECK_WEB)
    ),
    "auth.app_password_required": Advice(
        _("The provider wants an app password"),
        _("The usual password of the account is refused."),
        (_("Create an app password in the security settings of the mailbox."), _("Copy it into the field “Password”.")),
    ),
    "auth.web_login_required": Advice(
        _("The provider wants to see you first"),
        _("It does not know this computer yet."),
        (_("Sign in to the mailbox in the browser and confirm that it was you."), _("Then test again.")),
    ),
    "auth.basic_disabled": Advice(
        _("Passwords no longer work here"),
        _("Microsoft no longer accepts passwords from other programs, not even app passwords."),
        (_("Use another mailbox for now, for example the one of your domain."),),
    ),
    "auth.smtp_auth_off_tenant": Advice(
        _("Your organisation has switched sending off"),
        _("In Microsoft 365 programs may not send by password (SMTP AUTH is off)."),
        (_("Ask the administrator to allow “Authenticated SMTP” for this mailbox: {link}"),),
        "https://aka.ms/smtp_auth_disabled",
    ),
    "auth.tenant_policy": Advice(
        _("A rule of your organisation forbids it"),
        _("Microsoft 365 refuses the sign-in because of a security rule."),
        (_("Ask the administrator to allow this mailbox to send by “Authenticated SMTP”."),),
    ),
    "auth.third_party_off": Advice(
        _("The mailbox is closed to other programs"),
        _("Access by POP3, IMAP and SMTP is switched off. It switches itself off again when it is not used for long."),
        (_("Switch on the access by POP3, IMAP and SMTP in the settings of the mailbox."), _("Then test again.")),
    ),
    "auth.oauth_required": Advice(
        _("This server takes no passwords"),
        _("It wants a sign-in with the provider itself."),
        (_("Use another mailbox for now."),),
    ),
    "auth.mechanism_unsupported": Advice(
        _("The server’s way of signing in is unknown"),
        _("It offers none that OptaMed can use."),
        (OTHER_PORT, ASK_PROVIDER),
    ),
    "auth.not_offered": Advice(
        _("The server offers no sign-in here"), _("This port is meant for something else."), (OTHER_PORT,)
    ),
    "auth.not_authenticated": Advice(
        _("The server wants a sign-in first"), _("It did not accept the message without one."), (CHECK_PASSWORD,)
    ),
    "auth.temporary": Advice(
        _("The provider cannot check the password now"), _("This is not a wrong password."), (LATER,)
    ),
    "auth.too_many": Advice(
        _("The mailbox is locked for a while"),
        _("There were too many sign-ins in a short time."),
        (_("Wait up to an hour. OptaMed does not try meanwhile."),),
    ),
    "oauth.token_refused": Advice(
        _("The sign-in with the provider has expired"),
        _("It was revoked, or not used for long."),
        (_("Sign in again."),),
    ),
    # sender, limits
    "sender.not_allowed": Advice(
        _("The sender’s address is not allowed"), _("The mailbox may not send under this address."), (SAME_ADDRESS,)
    ),
    "quota.daily": Advice(
        _("Today’s limit is reached"),
        _("The provider allows only so many messages a day."),
        (_("The rest leaves tomorrow by itself."),),
    ),
    # recipient and message
    "temp.greylist": Advice(
        _("The other side asks for a second try"),
        _("Some servers accept a new sender only after a few minutes."),
        (NOTHING_TO_DO,),
    ),
    "temp.storage": Advice(
        _("The server has no room at the moment"), _("It will take the message later."), (NOTHING_TO_DO,)
    ),
    "temp.other": Advice(_("Not now"), _("The server puts it off and says why below."), (NOTHING_TO_DO,)),
    "rcpt.mailbox_full": Advice(
        _("The patient’s mailbox is full"),
        _("It takes no messages at the moment."),
        (_("Tell the patient, or send the invoice on paper."),),
    ),
    "rcpt.unknown": Advice(
        _("This address does not exist"), _("The patient’s provider does not know it."), (ASK_PATIENT,)
    ),
    "rcpt.refused": Advice(
        _("The address is refused"), _("The server does not accept this recipient."), (ASK_PATIENT,)
    ),
    "rcpt.too_many": Advice(_("Too many recipients at once"), _("The server wants fewer at a time."), (NOTHING_TO_DO,)),
    "message.too_big": Advice(
        _("The message is too large"),
        _("The attachment is larger than the server allows."),
        (_("Send it on paper, or with fewer pages."),),
    ),
    "message.rejected": Advice(
        _("The message was refused"),
        _("The server takes it for unwanted mail and says why below."),
        (_("Send it again later, or on paper."),),
    ),
    "message.damaged": Advice(
        _("The stored message is damaged"),
        _("It is not what was written, so it was not sent."),
        (_("Send the invoice once more."),),
    ),
    "perm.other": Advice(_("The server refuses"), _("It says why below."), (ASK_PROVIDER,)),
    # the outbox
    "dropped.body": Advice(
        _("Perhaps sent"),
        _("The connection broke before the server answered. Nobody knows whether it took the message."),
        (
            _("Look into the folder of sent mail, or ask the patient."),
            _("Then choose “Mark as sent” or “Send again”."),
        ),
    ),
    "account.missing": Advice(
        _("No mailbox yet"),
        _("The message waits until a mailbox is set up."),
        (_("Set up the mailbox in the settings."),),
    ),
}
GENERAL["timeout.body"] = GENERAL["dropped.body"]
