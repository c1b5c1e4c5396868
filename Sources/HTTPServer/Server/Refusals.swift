import NIOCore
import NIOHTTP1
import Observability
import Primitives

extension APIResponder {
    /// A body that no endpoint wants is read nevertheless, so that the answer can say so.
    private static let strangeBodyLimit = 64 * 1024

    /// The longest body for a request, by its endpoint's policy.
    func bodyLimit(_ head: HTTPRequestHead) -> Int {
        guard let endpoint = endpoint(for: head) else { return Self.strangeBodyLimit }
        return endpoint.input.takesBody ? endpoint.policy.bodyLimitBytes : Self.strangeBodyLimit
    }

    /// The answer to a request that did not get through the gate.
    func refuse(
        _ problem: Problem, _ head: HTTPRequestHead?, from peer: SocketAddress?
    ) -> (head: HTTPResponseHead, body: ByteBuffer) {
        let requestID = ids.next()
        let answer = ResponseHead.refusal(problem, requestID: requestID)
        accessLog.record(
            AccessRecord(
                requestID: requestID, method: head?.method.rawValue ?? "-", route: head.flatMap(endpoint)?.path,
                status: problem.kind.status, durationMicroseconds: 0, bytes: answer.body.readableBytes, key: nil,
                remote: peer?.ipAddress, code: problem.code))
        return answer
    }

    private func endpoint(for head: HTTPRequestHead) -> Endpoint? {
        let path = head.uri.utf8.prefix { $0 != UInt8(ascii: "?") }
        guard let method = Endpoint.Method(rawValue: head.method.rawValue), let match = router.match(path) else {
            return nil
        }
        return router.route(method, at: match)?.endpoint
    }
}
