/// What a running process tells: log lines in JSON, one record a line, to one place.
public enum Observability {}
