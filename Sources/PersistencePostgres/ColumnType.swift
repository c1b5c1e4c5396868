import CLibPQ

/// The object identifiers of PostgreSQL's own types (`src/include/catalog/pg_type.dat`).
enum ColumnType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let json: Oid = 114
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let unknown: Oid = 705
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let timestamp: Oid = 1114
    static let timestamptz: Oid = 1184
    static let numeric: Oid = 1700
    static let uuid: Oid = 2950
    static let jsonb: Oid = 3802

    /// Microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL's binary timestamps begin.
    static let timestampEpoch: Int64 = 946_684_800_000_000

    /// The name, for errors.
    static func name(of oid: Oid) -> String {
        names[oid] ?? "of type \(oid)"
    }

    private static let names: [Oid: String] = [
        bool: "boolean", bytea: "bytea", name: "name", int8: "bigint", int2: "smallint", int4: "integer",
        text: "text", oid: "oid", json: "json", float4: "real", float8: "double precision", bpchar: "char",
        varchar: "varchar", timestamp: "timestamp", timestamptz: "timestamptz", numeric: "numeric", uuid: "uuid",
        jsonb: "jsonb",
    ]
}
