/// Messages to customers: what was sent to whom, and what became of it.
public enum Messaging {}
