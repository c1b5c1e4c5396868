import Dispatch
import Primitives
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where log lines go: a descriptor, written by a queue of its own, so that those who log never wait for it.
///
/// Lines are collected for a few milliseconds and written together. When the descriptor cannot keep up, lines are
/// dropped and counted, and a line says so.
public final class LogOutput: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var isScheduled = false
        var dropped = 0
    }

    private static let collectingMilliseconds = 5

    private let descriptor: Int32
    private let mostBytes: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "shipshape.log")

    /// - Parameters:
    ///   - descriptor: not closed by this object; stderr unless told otherwise.
    ///   - mostBytes: bytes that may wait; lines beyond are dropped.
    public init(descriptor: Int32 = 2, mostBytes: Int = 8 << 20) {
        self.descriptor = descriptor
        self.mostBytes = mostBytes
    }

    /// Takes a record and ends it with a newline. Never blocks on the descriptor.
    public func write(_ record: [UInt8]) {
        let mustSchedule = state.withLock { state in
            guard state.buffer.count + record.count < mostBytes else {
                state.dropped += 1
                return false
            }
            state.buffer.append(contentsOf: record)
            state.buffer.append(UInt8(ascii: "\n"))
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard mustSchedule else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(Self.collectingMilliseconds)) { self.drain() }
    }

    /// Returns once everything taken so far is written. For the end of the process, not for tasks.
    public func flush() {
        queue.sync { drain() }
    }

    private func drain() {
        let (bytes, dropped) = state.withLock { state in
            defer { state = State() }
            return (state.buffer, state.dropped)
        }
        send(bytes)
        guard dropped > 0 else { return }
        var writer = JSONWriter()
        writer.object {
            $0.field("time", SystemClock().now())
            $0.field("level", "warning")
            $0.field("logger", "log")
            $0.field("message", "Lines were dropped because they came faster than they could be written.")
            $0.field("dropped", dropped)
        }
        send(writer.bytes + [UInt8(ascii: "\n")])
    }

    private func send(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&waiting, 1, 1000)
                } else if errno != EINTR {
                    // The reader is gone; there is nowhere to say so.
                    return
                }
            }
        }
    }
}

/// The system call, which the method's name hides.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
