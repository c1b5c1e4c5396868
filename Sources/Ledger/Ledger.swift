public import Persistence

/// Who owes what to whom, in entries that are never changed: each takes an amount from one account to another.
///
/// Accounts belong to an order. Nothing that several orders share is written or locked; a balance is a sum.
public enum Ledger {
    public static let migrations: [Migration] = [
        Migration(
            700, "ledger entries",
            [
                """
                CREATE TABLE ledger_entries (
                    store_id UUID NOT NULL,
                    order_id UUID NOT NULL,
                    posting TEXT NOT NULL,
                    source_id UUID NOT NULL,
                    debit TEXT NOT NULL,
                    credit TEXT NOT NULL,
                    id UUID NOT NULL,
                    amount BIGINT NOT NULL,
                    currency TEXT NOT NULL,
                    booked_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, order_id, posting, source_id, debit, credit),
                    CONSTRAINT ledger_entries_amount CHECK (amount > 0),
                    CONSTRAINT ledger_entries_accounts CHECK (debit <> credit),
                    CONSTRAINT ledger_entries_debit CHECK (debit IN ('receivable', 'cash_expected',
                        'provider_clearing', 'settled_elsewhere', 'cash', 'sales', 'shipping', 'tax')),
                    CONSTRAINT ledger_entries_credit CHECK (credit IN ('receivable', 'cash_expected',
                        'provider_clearing', 'settled_elsewhere', 'cash', 'sales', 'shipping', 'tax'))
                )
                """
            ])
    ]
}
