import Foundation
import Primitives

/// What the person or the program at the other end reads.
enum Terminal {
    /// Writes a line to stdout at once, also when it is a pipe.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Writes one document to stdout.
    static func say(_ document: JSON) {
        say(document.description)
    }

    /// Writes a line to stderr.
    static func complain(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
