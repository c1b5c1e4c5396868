public import Primitives

/// A document: `html`, after its type.
public func html(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .list([HTML { $0.append("<!DOCTYPE html>\n") }, HTML("html", attributes, content())])
}

/// The document's title.
public func title(_ text: String) -> HTML { HTML("title", [], .text(text)) }

/// A text field of several lines and what is in it.
public func textarea(_ attributes: Attribute..., text: String) -> HTML {
    // Parsers drop the first line feed.
    HTML("textarea", attributes, .list([HTML { $0.append("\n") }, .text(text)]))
}

/// A script of this site; with `isModule`, an ES module.
public func script(src: WebAddress, isModule: Bool = true) -> HTML {
    HTML("script", isModule ? [.src(src), .type("module")] : [.src(src), .`defer`()], .empty)
}

/// Data for a script, which finds it by the id.
public func script(json: JSON, id: String) -> HTML {
    HTML { output in
        output.append("<script type=\"application/json\" id=\"")
        output.escape(id)
        output.append("\">")
        output.appendJSON(json.description)
        output.append("</script>")
    }
}

/// Data for those who read the page by machine (https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents).
public func script(linkedData: JSON) -> HTML {
    HTML { output in
        output.append("<script type=\"application/ld+json\">")
        output.appendJSON(linkedData.description)
        output.append("</script>")
    }
}

/// A style sheet in the document, for e-mails: pages link theirs. It is written in the code, nothing can be put in.
public func style(_ sheet: StaticString) -> HTML { HTML("style", [], HTML { $0.append(sheet) }) }

/// `br`.
public func br(_ attributes: Attribute...) -> HTML { HTML(void: "br", attributes) }

/// `hr`.
public func hr(_ attributes: Attribute...) -> HTML { HTML(void: "hr", attributes) }

/// `img`.
public func img(_ attributes: Attribute...) -> HTML { HTML(void: "img", attributes) }

/// `input`.
public func input(_ attributes: Attribute...) -> HTML { HTML(void: "input", attributes) }

/// `meta`.
public func meta(_ attributes: Attribute...) -> HTML { HTML(void: "meta", attributes) }

/// `link`.
public func link(_ attributes: Attribute...) -> HTML { HTML(void: "link", attributes) }

/// `wbr`.
public func wbr(_ attributes: Attribute...) -> HTML { HTML(void: "wbr", attributes) }

/// `source`.
public func source(_ attributes: Attribute...) -> HTML { HTML(void: "source", attributes) }

/// `col`.
public func col(_ attributes: Attribute...) -> HTML { HTML(void: "col", attributes) }
