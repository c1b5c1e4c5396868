import Catalog
import DesignSystem
import HTTPServer
import Markup
import Media
import Persistence
import Primitives

/// The images of a product: what they show, their order, which of them the shop has a copy of, and a form for another.
struct ProductImagesCard: Sendable {
    let product: Product
    /// By address, of the images without a copy.
    var outcomes: [String: SourceOutcome] = [:]
    var forms = ProductForms()

    private var address: WebAddress { "/dashboard/products/\(product.id)/images" }
    private var faults: Faults { forms.faults }

    var html: HTML {
        UI.card("Images") {
            div(.class("stack")) {
                if !product.images.isEmpty { order }
                if product.images.contains(where: \.isWaitingForCopy) {
                    form(.method(.post), .action(address)) { UI.button("Fetch the missing images now") }
                }
                addition
            }
        }
    }

    /// One form for all of them: whichever of its buttons is pressed, no text that was typed is lost.
    private var order: HTML {
        form(
            .method(.post), .action("\(address)/order"), .class("stack"), .novalidate(),
            .when(forms.images != nil, .hx("morph-skip"))
        ) {
            // The first button of a form is the one that the Enter key presses.
            Markup.button(.type("submit"), .hidden()) { "Save the images" }
            ul(.class("stack"), .role("list")) {
                for (index, image) in product.images.enumerated() {
                    li(.class("stack tight")) { row(image, at: index) }
                }
            }
            div { UI.button("Save the texts") }
        }
    }

    @HTMLBuilder private func row(_ image: ProductImage, at index: Int) -> HTML {
        let number = index + 1
        input(.type("hidden"), .name(ImagesEntry.address(index)), .value(image.url))
        div(.class("row")) { picture(image, number: number) }
        Field(
            ImagesEntry.text(index), "What image \(number) shows",
            value: forms.images?[ImagesEntry.text(index)] ?? image.alt, error: faults[ImagesEntry.text(index)],
            attributes: [.autocomplete("off")]
        ).html
        div(.class("row")) {
            if index > 0 { action(.earlier, index, "Earlier") }
            if number < product.images.count { action(.later, index, "Later") }
            action(.remove, index, "Remove")
        }
    }

    private func action(_ action: ImagesEntry.Action, _ index: Int, _ words: String) -> HTML {
        Markup.button(
            .type("submit"), .name("action"), .value("\(action.rawValue).\(index)"), .class("button small quiet")
        ) {
            words
            span(.class("visually-hidden")) { "image \(index + 1)" }
        }
    }

    @HTMLBuilder private func picture(_ image: ProductImage, number: Int) -> HTML {
        if let copy = image.copy, let source = WebAddress(checking: copy.path) {
            let size = Self.size(copy, within: 96)
            img(
                .src(source), .alt(image.alt.isEmpty ? "Image \(number)" : image.alt), .width(String(size.width)),
                .height(String(size.height)), .loading("lazy"))
            span { "\(copy.width) × \(copy.height) pixels" }
        } else if !image.isWaitingForCopy {
            span(.class("break")) { image.url }
        } else {
            span(.class("break")) { image.url }
            switch outcomes[image.url] {
            case .failed(let sentence, _)?: UI.badge("Not fetched: \(sentence)", .warn)
            case .kept?, nil: UI.badge("Waiting to be fetched")
            }
        }
    }

    private var addition: HTML {
        form(
            .method(.post), .action("\(address)/upload"), .class("stack"), .novalidate(),
            .enctype("multipart/form-data"), .when(forms.upload != nil, .hx("morph-skip"))
        ) {
            Field(
                "file", "Another image", .line(type: "file"), hint: "PNG, JPEG, GIF or WebP, at most 5 MiB",
                error: faults["file"], isRequired: true,
                attributes: [.accept("image/png,image/jpeg,image/gif,image/webp")]
            ).html
            Field(
                "alt", "What it shows", value: forms.upload?["alt"] ?? "",
                hint: "For those who do not see it", error: faults["alt"], attributes: [.autocomplete("off")]
            ).html
            div { UI.button("Add the image") }
        }
    }

    /// The size that fits into a square, in the image's own proportions.
    private static func size(_ copy: ImageCopy, within side: Int) -> (width: Int, height: Int) {
        let longest = max(copy.width, copy.height, 1)
        guard longest > side else { return (copy.width, copy.height) }
        return (max(1, copy.width * side / longest), max(1, copy.height * side / longest))
    }
}
