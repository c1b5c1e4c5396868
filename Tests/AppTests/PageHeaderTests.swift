@testable import App
import Testing

@Suite struct PageHeaderTests {
    private static let good = [
        "Content-Security-Policy":
            "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'self' https:; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=()",
    ]

    private func faults(_ changes: [String: String?]) -> [String] {
        PageHeaders.faults { name in changes[name] ?? Self.good[name] }
    }

    @Test func `good headers have no faults`() {
        #expect(faults([:]) == [])
    }

    @Test(
        arguments: [
            ("X-Content-Type-Options", nil, ["X-Content-Type-Options is not nosniff"]),
            ("X-Frame-Options", "SAMEORIGIN", ["X-Frame-Options is not DENY"]),
            ("Referrer-Policy", nil, ["no Referrer-Policy"]),
            (
                "Content-Security-Policy", nil,
                ["default-src is not 'none'", "no base-uri", "no form-action", "no frame-ancestors"]
            ),
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'unsafe-inline'; base-uri 'none'; form-action *; frame-ancestors x",
                ["form-action lets anything in", "script-src lets anything in"]
            ),
            (
                "Content-Security-Policy",
                "default-src 'self'; default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
                ["default-src is not 'none'"]
            ),
        ] as [(String, String?, [String])])
    func `a header that is missing or lets others in is a fault`(name: String, value: String?, expected: [String]) {
        #expect(faults([name: value]) == expected)
    }
}
