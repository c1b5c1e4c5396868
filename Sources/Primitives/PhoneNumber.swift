/// A telephone number in E.164 (ITU-T E.164): a plus sign and 7 to 15 digits, the first not zero.
public struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// The E.164 form.
    public let description: String

    /// Reads `+` and digits; spaces, dots, hyphens, slashes and parentheses between them are dropped.
    /// Nil without the plus sign: a national number cannot be dialled without knowing its country.
    public init?(_ text: String) {
        let trimmed = text.trimmingSpaces
        guard trimmed.utf8.count <= 40, trimmed.first == "+" else { return nil }
        var digits = "+"
        for character in trimmed.dropFirst() {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else if !" .-/()".contains(character) {
                return nil
            }
        }
        guard (8...16).contains(digits.utf8.count), digits.dropFirst().first != "0" else { return nil }
        description = digits
    }
}
