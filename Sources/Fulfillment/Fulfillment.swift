// Fulfillment
