import NIOCore

/// What a browser gets: a page, a way elsewhere, a file, or a stream of events.
public struct WebAnswer: Sendable {
    enum Content: Sendable {
        case bytes(EncodedBody, type: String)
        case nothing
        case stream(EventStream)
    }

    let content: Content
    public var status: Int
    public var cookies: [Cookie] = []
    /// Besides those that the server sets.
    public var headers: [(name: String, value: String)] = []

    private init(_ content: Content, status: Int) {
        self.content = content
        self.status = status
    }

    /// The policy that every page is sent with: scripts, styles, pictures and connections of its own origin only.
    public static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

    /// No frame, no window of another site, no device.
    private static let protections = [
        (name: "X-Frame-Options", value: "DENY"), (name: "Cross-Origin-Opener-Policy", value: "same-origin"),
        (name: "Cross-Origin-Resource-Policy", value: "same-origin"),
        (name: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    /// An HTML document.
    public static func html(_ document: EncodedBody, status: Int = 200) -> WebAnswer {
        var answer = WebAnswer(.bytes(document, type: "text/html; charset=utf-8"), status: status)
        answer.headers = [(name: "Content-Security-Policy", value: contentSecurityPolicy)] + protections
        return answer
    }

    /// An HTML document of these bytes.
    public static func html(_ bytes: [UInt8], status: Int = 200) -> WebAnswer {
        html(EncodedBody(bytes), status: status)
    }

    /// 303: the browser goes on with GET.
    /// - Parameter location: a path of this site, or a provider's address.
    public static func redirect(to location: String) -> WebAnswer {
        var answer = WebAnswer(.nothing, status: 303)
        answer.headers = [("Location", location)]
        return answer
    }

    /// 301: what was here is elsewhere for good, and browsers and search engines may remember it.
    /// - Parameter location: a path of this site.
    public static func moved(to location: String) -> WebAnswer {
        var answer = WebAnswer(.nothing, status: 301)
        // Not for ever: a handle that is given up may be given to something else.
        answer.headers = [("Location", location), ("Cache-Control", "max-age=3600")]
        return answer
    }

    /// 204.
    public static var noContent: WebAnswer { WebAnswer(.nothing, status: 204) }

    /// 304, for a browser that has the file.
    public static func notModified(etag: String) -> WebAnswer {
        var answer = WebAnswer(.nothing, status: 304)
        answer.headers = [("ETag", etag)]
        return answer
    }

    /// Any other content, such as a style sheet or a picture.
    public static func content(_ body: EncodedBody, type: String, status: Int = 200) -> WebAnswer {
        WebAnswer(.bytes(body, type: type), status: status)
    }

    /// `text/event-stream` (https://html.spec.whatwg.org/multipage/server-sent-events.html).
    public static func events(_ stream: EventStream) -> WebAnswer {
        var answer = WebAnswer(.stream(stream), status: 200)
        answer.headers = [("Cache-Control", "no-store"), ("X-Accel-Buffering", "no")]
        return answer
    }
}

/// Server-sent events on their way to one browser, until it leaves, the events end, or the server stops.
public struct EventStream: Sendable {
    /// One message of a stream, as it is sent.
    public struct Message: Sendable {
        let bytes: [UInt8]

        /// - Parameters:
        ///   - id: what the browser says in `Last-Event-ID` when it comes again.
        ///   - event: the name that listeners listen for; nil for `message`.
        ///   - data: any text.
        public init(id: String? = nil, event: String? = nil, data: String) {
            var text = ""
            if let id { text += "id: \(Self.oneLine(id))\n" }
            if let event { text += "event: \(Self.oneLine(event))\n" }
            for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
                text += "data: \(line)\n"
            }
            bytes = Array((text + "\n").utf8)
        }

        private static func oneLine(_ text: String) -> String { String(text.filter { !$0.isNewline && $0 != "\0" }) }
    }

    let messages: any AsyncSequence<Message, Never> & Sendable
    /// Silence after which a comment is sent, so that proxies keep the connection and a lost one is noticed.
    let heartbeatSeconds: Double

    /// A message for each element; nil passes an element over.
    /// - Parameter elements: cancelled when the browser leaves.
    public init<Element: Sendable>(
        _ elements: AsyncStream<Element>, heartbeatSeconds: Double = 15,
        as message: @escaping @Sendable (Element) -> Message?
    ) {
        messages = elements.compactMap { message($0) }
        self.heartbeatSeconds = heartbeatSeconds
    }
}
