// PaymentsStripe
