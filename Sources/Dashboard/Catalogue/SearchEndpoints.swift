import Catalog
import HTTPServer
import Markup
import Persistence
import Primitives
import Stores

extension Dashboard {
    var searchEndpoints: [Endpoint] { [searchPage, saveSearchLanguage, rebuildSearch, saveSynonym, removeSynonym] }

    private var searchPage: Endpoint {
        Endpoint(
            .get, "/dashboard/search", "showSearchSettings", summary: "How the shop is searched",
            policy: Access.reading("products:read"), takes: .page, answers: .web
        ) { call in
            try await show(
                of: try call.store, after: call.query["after"].flatMap { SynonymID($0) }, notice: Notice(call.query))
        }
    }

    private var saveSearchLanguage: Endpoint {
        Endpoint(
            .post, "/dashboard/search/language", "saveSearchLanguage", summary: "Chooses the language of the search",
            policy: Access.changing("products:write"), takes: .form, answers: .web
        ) { call in
            let store = try call.store
            guard let language = call.body["language"].flatMap(SearchLanguage.init(rawValue:)) else {
                var faults = Faults()
                faults.add("language", "Choose one of the languages.")
                return try await show(of: store, faults: faults)
            }
            try await database.write("catalog.search_settings") { tx in
                try Catalog.setSearchLanguage(language, of: store, in: tx)
            }
            return .value(.redirect(to: "/dashboard/search?done=\(Notice.searchSaved.rawValue)"))
        }
    }

    private var rebuildSearch: Endpoint {
        Endpoint(
            .post, "/dashboard/search/rebuild", "rebuildSearch", summary: "Has every product indexed again",
            policy: Access.changing("products:write"), takes: .form, answers: .web
        ) { call in
            let store = try await store(try call.store)
            try await database.write("catalog.rebuild_search") { tx in
                try Catalog.rebuildSearch(of: store.id, language: SearchLanguage(country: store.country), in: tx)
            }
            return .value(.redirect(to: "/dashboard/search?done=\(Notice.searchRebuilding.rawValue)"))
        }
    }

    private var saveSynonym: Endpoint {
        Endpoint(
            .post, "/dashboard/search/synonyms", "saveSynonym", summary: "Adds words that mean the same",
            policy: Access.changing("products:write"), takes: .form, answers: .web
        ) { call in
            let (store, typed) = (try call.store, call.body["terms"] ?? "")
            let terms = typed.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
            var faults = Faults()
            if terms.count < 2 {
                faults.add("terms", "Give at least two words or phrases, with commas between them.")
            } else if terms.count > 20 || terms.contains(where: { $0.unicodeScalars.count > 100 }) {
                faults.add("terms", "At most 20 words or phrases of at most 100 characters each are kept.")
            }
            guard faults.isEmpty else { return try await show(of: store, typed: typed, faults: faults) }
            let add = AddSynonym(store: store, terms: terms)
            do {
                _ = try await database.write("catalog.add_synonym") { tx in try add.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                return try await show(of: store, typed: typed, faults: Faults(problem) { _ in "terms" })
            }
            return .value(.redirect(to: "/dashboard/search?done=\(Notice.searchSaved.rawValue)"))
        }
    }

    private var removeSynonym: Endpoint {
        Endpoint(
            .post, "/dashboard/search/synonyms/{synonym}/removal", "removeSynonymPage", summary: "Takes a synonym away",
            policy: Access.changing("products:write"),
            takes: .form(PathShape("synonym", .identifier(IdentifierKinds.Synonym.self))), answers: .web
        ) { call in
            let remove = RemoveSynonym(store: try call.store, synonym: call.path)
            try await database.write("catalog.remove_synonym") { tx in try remove.run(in: tx) }
            return .value(.redirect(to: "/dashboard/search?done=\(Notice.searchSaved.rawValue)"))
        }
    }

    private func show(
        of storeID: StoreID, after: SynonymID? = nil, typed: String = "", faults: Faults = Faults(),
        notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(storeID)
        let view = try await database.read("catalog.search_page") { tx in
            let synonyms = try Catalog.synonyms(of: store.id, after: after, limit: Self.pageSize + 1, in: tx)
            return SearchPage(
                language: try Catalog.searchLanguage(of: store.id, in: tx) ?? SearchLanguage(country: store.country),
                synonyms: Array(synonyms.prefix(Self.pageSize)), isBeginning: after == nil,
                hasMore: synonyms.count > Self.pageSize, typed: typed, faults: faults)
        }
        var page = try await page(.search, "Search", of: store.id)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}
