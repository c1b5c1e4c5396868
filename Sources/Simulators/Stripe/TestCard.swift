/// What a buyer's card does, chosen on the payment page (https://docs.stripe.com/testing).
struct TestCard: Sendable {
    /// Why a bank refuses.
    struct Decline: Sendable {
        let code: String
        let declineCode: String?
        let message: String
    }

    /// The value in forms.
    let name: String
    let number: String
    /// What the page calls it.
    let title: String
    /// The identifier of the payment method that behaves so.
    let method: String
    let decline: Decline?
    /// Whether the bank asks the buyer first.
    var asksForAuthentication = false
    /// Whether the bank has asked and the buyer agreed.
    var isAuthenticated = false

    static let success = TestCard(
        name: "success", number: "4242424242424242", title: "Succeeds", method: "pm_card_visa", decline: nil)

    static let authentication = TestCard(
        name: "authenticate", number: "4000002760003184", title: "Asks for 3-D Secure",
        method: "pm_card_authenticationRequired", decline: nil, asksForAuthentication: true)

    static let all: [TestCard] = [
        success, authentication,
        TestCard(
            name: "card_declined", number: "4000000000000002", title: "Is declined",
            method: "pm_card_chargeDeclined",
            decline: Decline(
                code: "card_declined", declineCode: "generic_decline", message: "Your card was declined.")),
        TestCard(
            name: "insufficient_funds", number: "4000000000009995", title: "Has insufficient funds",
            method: "pm_card_chargeDeclinedInsufficientFunds",
            decline: Decline(
                code: "card_declined", declineCode: "insufficient_funds",
                message: "Your card has insufficient funds.")),
        TestCard(
            name: "expired_card", number: "4000000000000069", title: "Has expired",
            method: "pm_card_chargeDeclinedExpiredCard",
            decline: Decline(
                code: "expired_card", declineCode: "expired_card", message: "Your card has expired.")),
        TestCard(
            name: "incorrect_cvc", number: "4000000000000127", title: "Has another security code",
            method: "pm_card_chargeDeclinedIncorrectCvc",
            decline: Decline(
                code: "incorrect_cvc", declineCode: "incorrect_cvc",
                message: "Your card's security code is incorrect.")),
        TestCard(
            name: "processing_error", number: "4000000000000119", title: "Meets a processing error",
            method: "pm_card_chargeDeclinedProcessingError",
            decline: Decline(
                code: "processing_error", declineCode: "processing_error",
                message: "An error occurred while processing your card. Try again in a little bit.")),
    ]

    static let failedAuthentication = TestCard(
        name: "authentication_failed", number: "4000002760003184", title: "", method: "",
        decline: Decline(
            code: "payment_intent_authentication_failure", declineCode: nil,
            message: """
                We are unable to authenticate your payment method. Please choose a different payment method and try \
                again.
                """))
}
