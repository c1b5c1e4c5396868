// Readiness
