// HTTPOutboundTests
