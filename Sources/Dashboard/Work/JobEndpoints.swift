import HTTPServer
import Jobs
import Persistence
import Primitives

extension Dashboard {
    var jobEndpoints: [Endpoint] { [jobPage, endJob] }

    private var jobPage: Endpoint {
        Endpoint(
            .get, "/dashboard/jobs", "showJobs", summary: "The work that is owed, and what was given up",
            policy: Access.reading("jobs:read"), takes: .page, answers: .web
        ) { call in
            let store = try call.store
            let after = call.query["after"].flatMap(DeadLetter.Cursor.init(text:))
            let view = try await database.read("jobs.page") { tx in
                let letters = try Jobs.deadLetters(of: store, after: after, limit: Self.pageSize + 1, in: tx)
                let shown = Array(letters.prefix(Self.pageSize))
                return JobPage(
                    statistics: try Jobs.statistics(of: store, in: tx), letters: shown, isBeginning: after == nil,
                    next: letters.count > shown.count ? shown.last?.cursor : nil)
            }
            var page = try await page(.jobs, "Jobs", of: store)
            page.notice = Notice(call.query)
            return page.answer(view.html)
        }
    }

    private var endJob: Endpoint {
        Endpoint(
            .post, "/dashboard/jobs/{job}", "endJob", summary: "Retries or discards a dead letter",
            policy: Access.changing("jobs:write"),
            takes: .form(PathShape("job", .identifier(IdentifierKinds.Job.self))), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            let notice: Notice
            switch call.body["action"] {
            case "retry":
                let isDone = try await database.write("jobs.retry") { tx in try Jobs.retry(id, of: store, in: tx) }
                notice = isDone ? .retried : .notThere
            case "discard":
                let isDone = try await database.write("jobs.discard") { tx in
                    try Jobs.discard(id, of: store, in: tx)
                }
                notice = isDone ? .discarded : .notThere
            default: throw Problem.validation("/action", "unknown", "A dead letter is retried or discarded.")
            }
            return .value(.redirect(to: "/dashboard/jobs?done=\(notice.rawValue)"))
        }
    }
}

extension DeadLetter.Cursor {
    var text: String { "\(diedAt.microseconds).\(id)" }

    init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let moment = Int64(parts[0]), let id = JobID(String(parts[1])) else { return nil }
        self.init(diedAt: Instant(microseconds: moment), id: id)
    }
}
