import Catalog
import HTTPServer
import Persistence
import Primitives
import Stores

/// How a store's products are searched: the language of their words, and words that mean the same.
extension ShopAPI {
    var searchEndpoints: [Endpoint] {
        [getSearchSettings, setSearchSettings, listSynonyms, addSynonym, removeSynonym]
    }

    private static let readSearch = Policy(.secretKey("products:read"), rateLimit: .backOffice)
    private static let writeSearch = Policy(.secretKey("products:write"), rateLimit: .backOffice)

    private var getSearchSettings: Endpoint {
        Endpoint(
            .get, "/api/v1/search/settings", "getSearchSettings", summary: "How the store's products are searched",
            policy: Self.readSearch, takes: .nothing, answers: .ok(SearchSettingsShapes.output)
        ) { call in
            let store = try await store(try call.store)
            let language = try await database.read("catalog.search_settings") { tx in
                try Catalog.searchLanguage(of: store.id, in: tx)
            }
            return .value(language ?? SearchLanguage(country: store.country))
        }
    }

    private var setSearchSettings: Endpoint {
        Endpoint(
            .put, "/api/v1/search/settings", "setSearchSettings",
            summary: "Chooses the language of the search; the products are indexed again by a job",
            policy: Self.writeSearch, takes: .body(SearchSettingsShapes.input),
            answers: .ok(SearchSettingsShapes.output)
        ) { call in
            let (store, language) = (try call.store, call.body)
            try await database.write("catalog.search_settings") { tx in
                try Catalog.setSearchLanguage(language, of: store, in: tx)
            }
            return .value(language)
        }
    }

    private var listSynonyms: Endpoint {
        Endpoint(
            .get, "/api/v1/synonyms", "listSynonyms", summary: "Words that mean the same to the store's buyers",
            policy: Self.readSearch,
            takes: .query(
                QueryShape(
                    .optional("limit", .integer(1...100), default: 20),
                    .optional("cursor", .identifier(IdentifierKinds.Synonym.self))
                ) { (limit: $0, after: $1) }),
            answers: .ok(.page("SynonymPage", of: SearchSettingsShapes.synonym))
        ) { call in
            let (store, query) = (try call.store, call.query)
            let synonyms = try await database.read("catalog.synonyms") { tx in
                try Catalog.synonyms(of: store, after: query.after, limit: query.limit + 1, in: tx)
            }
            return .value(Page(synonyms, limit: query.limit) { $0.id.description })
        }
    }

    private var addSynonym: Endpoint {
        Endpoint(
            .post, "/api/v1/synonyms", "addSynonym", summary: "Adds words that mean the same",
            policy: Self.writeSearch, takes: .body(SearchSettingsShapes.newSynonym),
            answers: .created(SearchSettingsShapes.synonym), problems: [.conflict: "synonym.too_many"]
        ) { call in
            let add = AddSynonym(store: try call.store, terms: call.body)
            return .value(try await database.write("catalog.add_synonym") { tx in try add.run(in: tx) })
        }
    }

    private var removeSynonym: Endpoint {
        Endpoint(
            .delete, "/api/v1/synonyms/{synonym}", "removeSynonym", summary: "Takes a synonym away",
            policy: Self.writeSearch,
            takes: .path(PathShape("synonym", .identifier(IdentifierKinds.Synonym.self))), answers: .noContent
        ) { call in
            let remove = RemoveSynonym(store: try call.store, synonym: call.path)
            try await database.write("catalog.remove_synonym") { tx in try remove.run(in: tx) }
            return .empty
        }
    }
}

/// The shapes of what decides how products are searched.
enum SearchSettingsShapes {
    static let output = OutputShape<SearchLanguage>.object(
        "SearchSettings", .field("language", .oneOf()) { Word($0) })

    static let input = InputShape<SearchLanguage>.object(
        "NewSearchSettings", .required("language", .oneOf(Word.self))
    ) { $0.language }

    static let synonym = OutputShape<Synonym>.object(
        "Synonym",
        .field("id", .identifier(), \.id),
        .field("terms", .array(of: .text), \.terms),
        .field("created_at", .instant, \.createdAt))

    static let newSynonym = InputShape<[String]>.object(
        "NewSynonym", .required("terms", .array(of: .text(1...100), least: 2, most: 20))
    ) { $0 }

    /// The languages as the interface names them.
    enum Word: String, CaseIterable, Sendable {
        case english = "en"
        case german = "de"
        case french = "fr"
        case other

        init(_ language: SearchLanguage) {
            self =
                switch language {
                case .english: .english
                case .german: .german
                case .french: .french
                case .other: .other
                }
        }

        var language: SearchLanguage {
            switch self {
            case .english: .english
            case .german: .german
            case .french: .french
            case .other: .other
            }
        }
    }
}
