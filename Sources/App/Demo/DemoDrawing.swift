/// A drawing in SVG, 640 by 640, made of few flat shapes.
struct DemoDrawing {
    private var parts: [String] = []

    /// - Parameters:
    ///   - wall: the colour behind.
    ///   - table: the colour below.
    init(wall: String, table: String) {
        parts.append("<rect width=\"640\" height=\"640\" fill=\"\(wall)\"/>")
        parts.append("<path d=\"M0 470Q320 440 640 470V640H0Z\" fill=\"\(table)\"/>")
    }

    /// The file.
    var bytes: [UInt8] {
        Array(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 640\">\(parts.joined())</svg>".utf8)
    }

    mutating func ellipse(_ x: Int, _ y: Int, _ rx: Int, _ ry: Int, _ fill: String, turn: Int = 0) {
        let turn = turn == 0 ? "" : " transform=\"rotate(\(turn) \(x) \(y))\""
        parts.append("<ellipse cx=\"\(x)\" cy=\"\(y)\" rx=\"\(rx)\" ry=\"\(ry)\" fill=\"\(fill)\"\(turn)/>")
    }

    mutating func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, round: Int, _ fill: String, turn: Int = 0) {
        let turn = turn == 0 ? "" : " transform=\"rotate(\(turn) \(x + width / 2) \(y + height / 2))\""
        parts.append(
            "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" rx=\"\(round)\" "
                + "fill=\"\(fill)\"\(turn)/>"
        )
    }

    mutating func shape(_ path: String, _ fill: String) {
        parts.append("<path d=\"\(path)\" fill=\"\(fill)\"/>")
    }

    mutating func stroke(_ path: String, _ colour: String, _ width: Int) {
        parts.append(
            "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(width)\" "
                + "stroke-linecap=\"round\" stroke-linejoin=\"round\"/>")
    }

    /// What lies on the table casts a shadow.
    mutating func shadow(_ x: Int, _ y: Int, _ rx: Int) {
        parts.append(
            "<ellipse cx=\"\(x)\" cy=\"\(y)\" rx=\"\(rx)\" ry=\"\(rx / 7)\" fill=\"#000\" fill-opacity=\".13\"/>")
    }

    /// The same drawing moved, turned and scaled.
    mutating func group(
        x: Int = 0, y: Int = 0, scale: Double = 1, turn: Int = 0, _ draw: (inout DemoDrawing) -> Void
    ) {
        parts.append("<g transform=\"translate(\(x) \(y)) scale(\(scale)) rotate(\(turn) 320 320)\">")
        draw(&self)
        parts.append("</g>")
    }
}
