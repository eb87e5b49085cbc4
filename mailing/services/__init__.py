"""The verbs of mailing: test and save a mailbox, write a message, send what is due."""
