import Foundation

/// What the program is measured beside, where it has to be written in Swift. `tools/bench` starts it:
///
/// - `bench-reference serve --host HOST --port PORT` is the program's own server and, in the same process on the port
///   `BARE_PORT`, a bare Hummingbird route that answers the bytes of the file `BARE_BODY`;
/// - `bench-reference jobs DATABASE_URL COUNT` enqueues jobs and works on them.
@main
enum BenchReference {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch arguments.first {
            case "serve": try await SideBySide(arguments, ProcessInfo.processInfo.environment).run()
            case "jobs": try await JobLoad(arguments).run()
            default: throw Usage()
            }
        } catch {
            FileHandle.standardError.write(Data("bench-reference: \(error)\n".utf8))
            exit(1)
        }
    }

    struct Usage: Error, CustomStringConvertible {
        let description = """
            usage: bench-reference serve --host HOST --port PORT, with BARE_PORT, BARE_BODY and BARE_TYPE
                   bench-reference jobs DATABASE_URL COUNT
            """
    }
}
