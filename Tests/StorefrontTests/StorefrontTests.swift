// StorefrontTests
