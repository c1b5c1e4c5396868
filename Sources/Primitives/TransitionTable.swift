/// A state machine as data: what each state may become.
public struct TransitionTable<State: Hashable & Sendable & CaseIterable>: Sendable {
    /// The states that something new starts in.
    public let initial: Set<State>
    /// The states that each state may become.
    public let targets: [State: Set<State>]

    public init(initial: Set<State>, targets: [State: Set<State>]) {
        self.initial = initial
        self.targets = targets
    }

    /// Whether one state may become the other.
    public func allows(_ from: State, _ to: State) -> Bool {
        targets[from]?.contains(to) == true
    }
}
