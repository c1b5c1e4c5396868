// MessagingSMTP
