import Primitives
import TestSupport
import Testing

@testable import Simulators

/// Form encoding with brackets, from friends and from strangers.
struct StripeParameterTests {
    @Test func `brackets nest objects and lists`() throws {
        let text =
            "mode=payment&line_items[0][quantity]=2&line_items[0][price_data][product_data][name]=Cr%C3%A8me+br"
            + "&expand[]=a&expand[]=b&metadata[7]=x&empty="
        let parameters = try StripeParameters(parsing: Array(text.utf8))
        #expect(try parameters.requiredText("mode") == "payment")
        let item = try #require(try parameters.list("line_items").first)
        #expect(try item.integer("quantity") == 2)
        let product = try #require(try item.object("price_data")?.object("product_data"))
        #expect(try product.requiredText("name") == "Crème br")
        #expect(product.name("name") == "line_items[0][price_data][product_data][name]")
        #expect(try parameters.texts("expand") == ["a", "b"])
        #expect(try parameters.metadata() == ["7": "x"])
        #expect(try parameters.text("empty") == nil)
        #expect(try parameters.object("nothing") == nil)
    }

    @Test func `the order of parameters does not matter, their values do`() throws {
        func canonical(_ text: String) throws -> String {
            try StripeParameters(parsing: Array(text.utf8)).root.canonical
        }
        #expect(try canonical("a=1&b[c]=2&b[d]=3") == canonical("b[d]=3&b[c]=2&a=1"))
        #expect(try canonical("a=1&b=2") != canonical("a=2&b=1"))
        #expect(try canonical("a=1%262:b") != canonical("a=1&2:b="))
    }

    @Test(arguments: [
        "a=%", "a=%4", "a=%zz", "a=%ff", "[a]=1", "a[=1", "a]=1", "a[b=1", "a[b]c=1", "=1", "a=1&a=2", "a=1&a[b]=2",
        "a[b]=1&a=2", "a[b][c][d][e][f][g][h][i][j]=1",
    ])
    func `what is malformed is refused`(_ text: String) {
        let error = #expect(throws: StripeError.self) { try StripeParameters(parsing: Array(text.utf8)) }
        #expect(error?.status == 400)
    }

    @Test func `too many parameters are refused`() {
        let text = (0..<2001).map { "p\($0)=1" }.joined(separator: "&")
        #expect(throws: StripeError.self) { try StripeParameters(parsing: Array(text.utf8)) }
    }

    @Test func `random bytes never trap`() {
        var random = SeededRandom(seed: 11)
        let alphabet = Array("ab[]=&%+0139\u{FF}é".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            // ignored: whether it is refused is not the question here
            _ = try? StripeParameters(parsing: bytes)
        }
    }
}
