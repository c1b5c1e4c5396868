/// What the first bytes of a file say of its encoding, where a CSV reader cannot even begin.
public enum CSVEncoding {
    /// A sentence when the file is UTF-16 or UTF-32; nil when it may be UTF-8.
    ///
    /// Latin-1 and its relatives look like UTF-8 until the first letter beyond ASCII: the reader refuses the records
    /// that have one.
    public static func objection(toBeginning bytes: some Collection<UInt8>) -> String? {
        let head = Array(bytes.prefix(64))
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || isWide(head) {
            return "The file is in UTF-16 or UTF-32: save it as “CSV UTF-8”."
        }
        return nil
    }

    /// Every second byte of Latin text in UTF-16 is zero.
    private static func isWide(_ head: [UInt8]) -> Bool {
        let zeros = head.count { $0 == 0 }
        return head.count >= 8 && zeros * 10 >= head.count * 4
    }
}
