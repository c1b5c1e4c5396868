import Testing

/// Telling code, comments and literals apart.
@Suite struct LexerTests {
    @Test func `comments and the contents of literals are no code`() {
        let file = SourceFile("a.swift", "let a = \"x // y\" // z\n/* b /* c */ d */ let e = 1\n")
        #expect(file.code[0] == "let a = \"      \"     ")
        #expect(file.code[1] == "                  let e = 1")
        #expect(file.comments[1] == "// z")
        #expect(file.comments[2] == "/* b /* c */ d */")
        #expect(file.literals.map(\.text) == ["x // y"])
    }

    @Test func `the code of an interpolation is code`() {
        let file = SourceFile("a.swift", #"f("a \(g("b (c", (1))) d")"#)
        #expect(file.tokens.map(\.text).joined(separator: " ") == #"f ( " ( g ( " " , ( 1 ) ) ) " )"#)
        #expect(file.literals.map(\.text) == ["b (c", "a ? d"])
    }

    @Test func `raw and multi-line literals end where they end`() {
        let file = SourceFile(
            "a.swift", "let a = #\"b \"c\" \\(d) \\#(e) \"#\nlet f = \"\"\"\n  g \"h\" \\\n  i\n  \"\"\" + k\n")
        #expect(file.literals.map(\.text) == ["b \"c\" \\(d) ? ", "\n  g \"h\" \n  i\n  "])
        #expect(file.tokens.last?.text == "k")
        #expect(file.tokens.last?.line == 5)
    }

    @Test func `names in backticks hide the words in them`() {
        let file = SourceFile("a.swift", "func `try! a (func)`() {}\n")
        #expect(file.tokens.count == 6)
    }

    @Test(arguments: ["\"", "\"\"\"", "/*", "`", "#\"", "\"\\(", "\"\\", "\"\\(\"", "#", "\\"])
    func `a file that ends early is read to its end`(_ text: String) {
        #expect(SourceFile("a.swift", text).lines == [Substring(text)])
    }
}
