import FoundationEssentials
import Primitives

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Demo {
    /// What one needs to call the demo. Kept beside the database, for this user's eyes only, because keys are shown
    /// once.
    public struct Notes: Sendable {
        public let store: String
        public let publishableKey: String
        public let secretKey: String
    }
}

/// What lies beside the demo's database and says that it is one: written before the database is made, so that a demo
/// that was interrupted is known as one, and with the notes once the shop is complete.
struct DemoMark {
    let file: String

    enum State {
        case absent
        /// Interrupted, or not to be read.
        case unfinished
        case finished(Demo.Notes)
    }

    init(ofDatabase path: String) {
        file = path + ".demo.json"
    }

    var state: State {
        guard let data = FileManager.default.contents(atPath: file) else { return .absent }
        // ignored: notes that cannot be read are those of a demo that was interrupted
        guard let document = try? JSON(parsing: data), let store = document["store"]?.string,
            let publishable = document["publishable_key"]?.string, let secret = document["secret_key"]?.string
        else { return .unfinished }
        return .finished(Demo.Notes(store: store, publishableKey: publishable, secretKey: secret))
    }

    /// Says that the database beside it is being made or thrown away.
    func writeUnfinished() throws(Refusal) {
        try write(["state": "unfinished"])
    }

    /// Says that the shop is complete.
    func write(_ notes: Demo.Notes) throws(Refusal) {
        try write([
            "store": JSON(notes.store), "publishable_key": JSON(notes.publishableKey),
            "secret_key": JSON(notes.secretKey),
        ])
    }

    /// Whole or not at all, and on the disk before this returns.
    private func write(_ document: JSON) throws(Refusal) {
        let bytes = document.bytes
        let unfinished = file + ".unfinished"
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal }
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(unfinished, file) == 0 else { throw refusal }
    }

    private var refusal: Refusal {
        Refusal("The demo's notes \(file) cannot be written: \(String(cString: strerror(errno))).")
    }
}
