import HTTPOutbound
import Messaging
import NIOCore
import NIOPosix
import PaymentsStripe

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What this installation talks to over the network, and who might be in its place.
struct Neighbours: Sendable {
    let settings: Settings
    let host: String
    let port: Int

    func complaints() async -> [Complaint] {
        await place() + publicAddress() + stripe() + mail()
    }

    /// The port, unless Shipshape itself has it.
    private func place() async -> [Complaint] {
        guard let reason = await Self.refusalToListen(host: host, port: port) else { return [] }
        guard reason == EADDRINUSE else {
            return [
                Complaint(
                    .error, .outside, "Nothing can listen at \(host):\(port): \(String(cString: strerror(reason))).",
                    why: "`serve` would not start.", cure: "choose another with --host and --port")
            ]
        }
        guard await !Self.isShipshape("http://\(host.contains(":") ? "[\(host)]" : host):\(port)") else { return [] }
        return [
            Complaint(
                .warning, .outside, "Port \(port) of \(host) is taken by another program.",
                why: "`serve` would not start there.",
                cure: "see which with `ss -ltnp 'sport = :\(port)'`; stop it, or choose another with --port")
        ]
    }

    /// Why nothing can listen there; nil when something can. The place is given back at once.
    private static func refusalToListen(host: String, port: Int) async -> CInt? {
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
            try await channel.close()
            return nil
        } catch let error as IOError {
            return error.errnoCode
        } catch {
            return EADDRNOTAVAIL
        }
    }

    /// Whether a server of ours answers: the page of its health has a form that nobody else's has.
    private static func isShipshape(_ base: String) async -> Bool {
        // ignored: who does not answer is not ours
        let answer = try? await OutboundClient(base: base).send(OutboundRequest(.get, "/health", timeoutSeconds: 5))
        return answer.map { String(decoding: $0.body, as: UTF8.self).contains("\"uptime_seconds\"") } ?? false
    }

    private func publicAddress() async -> [Complaint] {
        guard let url = settings.publicURL else { return [] }
        let failure: String
        do {
            let answer = try await OutboundClient(base: url).send(
                OutboundRequest(.get, "/health/live", timeoutSeconds: 8))
            guard answer.status != 200 else { return [] }
            failure = "answers with \(answer.status)"
        } catch {
            failure = "does not answer (\(error.code))"
        }
        return [
            Complaint(
                settings.isProduction ? .error : .warning, .outside, "\(url)/health/live \(failure).",
                why: "It is where buyers come, where mails lead and where providers send their events; some networks "
                    + "let a machine not reach itself by its public name.",
                cure: "curl -v \(url)/health/live; see that the server runs, and the proxy leads to it")
        ]
    }

    private func stripe() async -> [Complaint] {
        guard settings.text(SettingCatalogue.stripeSecretKey) != nil,
            let address = settings.text(SettingCatalogue.stripeAPIBase).flatMap(Origin.init)?.text
        else { return [] }
        do {
            // Without credentials: whatever it answers, it is there.
            _ = try await OutboundClient(base: address).send(OutboundRequest(.get, "/v1/balance", timeoutSeconds: 8))
            return []
        } catch {
            return [
                Complaint(
                    .error, .outside, "Stripe cannot be reached at \(address) (\(error.code)).",
                    why: "Nobody can pay by card.",
                    cure: "curl -v \(address)/; let the firewall pass HTTPS out, and see that names are resolved")
            ]
        }
    }

    private func mail() async -> [Complaint] {
        guard let server = settings.mailServer else { return [] }
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5)).connect(host: server.host, port: server.port).get()
            try await channel.close()
            return []
        } catch {
            return [
                Complaint(
                    .error, .outside, "The mail server \(server.host):\(server.port) cannot be reached.",
                    why: "Mails wait, and are given up in the end.",
                    cure: "nc -vz \(server.host) \(server.port); many providers of machines close port 25, and open 587"
                )
            ]
        }
    }
}
