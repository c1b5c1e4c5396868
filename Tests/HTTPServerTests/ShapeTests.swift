import HTTPServer
import Primitives
import Testing

@Suite struct ShapeTests {
    @Test func `every error of a document is told with its pointer`() throws {
        let document = try JSON(parsing: #"{"lines": [{"variant_id": 7, "quantity": 0}], "surprise": 1}"#)
        let problem = #expect(throws: Problem.self) { try Samples.newCheckout.value(of: document) }
        #expect(problem?.code == "validation.failed")
        #expect(
            problem?.errors.map { "\($0.pointer) \($0.code)" } == [
                "/surprise unknown_field", "/lines/0/variant_id type", "/lines/0/quantity out_of_range",
            ])
    }
}
