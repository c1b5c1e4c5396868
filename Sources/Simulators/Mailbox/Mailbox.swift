import Primitives

/// The mails that came, the last 500 of them.
actor Mailbox {
    static let most = 500

    /// A mail with its number, which counts from 1.
    struct Item: Sendable {
        let id: Int
        let receivedAt: Instant
        let envelope: ReceivedEnvelope
        let mail: ReadMail

        var json: JSON {
            [
                "id": JSON(id), "received_at": JSON(receivedAt), "sender": .string(envelope.sender),
                "recipients": .array(envelope.recipients.map { .string($0) }),
                "subject": .string(mail.header("Subject")), "message_id": .string(mail.header("Message-ID")),
                "text": JSON(mail.text), "html": JSON(mail.html),
                "headers": .array(
                    mail.headers.map { ["name": .string($0.name), "value": .string($0.value)] }),
                "raw": .string(String(decoding: envelope.content, as: UTF8.self)),
            ]
        }
    }

    private let clock: any Clock
    private var items: [Item] = []
    private var count = 0
    private(set) var faults: [MailFault] = []

    init(clock: any Clock) { self.clock = clock }

    func put(_ envelope: ReceivedEnvelope) {
        count += 1
        items.append(
            Item(id: count, receivedAt: clock.now(), envelope: envelope, mail: ReadMail(envelope.content)))
        if items.count > Self.most { items.removeFirst() }
    }

    /// The newest first.
    /// - Parameter recipient: only those to this address; nil for all.
    func list(to recipient: String? = nil) -> [Item] {
        items.reversed().filter { recipient == nil || $0.envelope.recipients.contains(recipient ?? "") }
    }

    func item(_ id: Int) -> Item? { items.first { $0.id == id } }

    func empty() { items = [] }

    func add(_ fault: MailFault) { faults.append(fault) }

    /// What the next fault of each stage would answer.
    func armedFaults() -> [MailFault.Stage: String] {
        var armed: [MailFault.Stage: String] = [:]
        for fault in faults where armed[fault.stage] == nil { armed[fault.stage] = fault.answer }
        return armed
    }

    /// Takes one strike of the first fault of a stage.
    func takeFault(_ stage: MailFault.Stage) -> String? {
        guard let index = faults.firstIndex(where: { $0.stage == stage }) else { return nil }
        faults[index].count -= 1
        let answer = faults[index].answer
        if faults[index].count <= 0 { faults.remove(at: index) }
        return answer
    }
}
