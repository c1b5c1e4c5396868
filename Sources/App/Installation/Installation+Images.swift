import HTTPOutbound
import UseCases

/// How images come from other servers.
extension Settings {
    /// What is wrong with settings that are right one by one.
    static func imageFaults(in entries: [SettingEntry], isProduction: Bool) -> [SettingFault] {
        let setting = SettingCatalogue.imagesFromLoopback
        guard isProduction, entries.contains(where: { $0.setting == setting && $0.value == "allowed" }) else {
            return []
        }
        return [
            SettingFault(
                setting.name,
                "\(setting.name) is \"allowed\", which production refuses: anybody who writes an address could reach "
                    + "this machine.")
        ]
    }
}

extension Installation {
    /// Who carries out the jobs of products' images.
    var productImages: ProductImages {
        var fence = OutboundGuard()
        fence.allowsLoopback =
            !settings.isProduction && settings.text(SettingCatalogue.imagesFromLoopback) == "allowed"
        return ProductImages(database: database, source: GuardedImages(client: GuardedClient(fence)))
    }
}

/// Fetches images through the guard against being led into closed networks.
struct GuardedImages: ImageSource {
    let client: GuardedClient

    func bytes(at address: String, mostBytes: Int) async throws(ImageSourceFault) -> [UInt8] {
        let answer: OutboundAnswer
        do throws(OutboundRefusal) {
            // Formats that are kept: servers that choose by this header send no other.
            answer = try await client.get(
                try OutboundAddress(address), accept: "image/webp, image/png, image/jpeg, image/gif",
                timeoutSeconds: 20, mostBytes: mostBytes)
        } catch {
            throw ImageSourceFault(error.sentence, isWorthRetrying: error.isWorthRetrying)
        }
        switch answer.status {
        case 200: return answer.body
        case 408, 425, 429, 500...:
            throw ImageSourceFault("The server answers with \(answer.status).", isWorthRetrying: true)
        default:
            throw ImageSourceFault(
                "The server answers with \(answer.status), not with an image.", isWorthRetrying: false)
        }
    }
}
