package import EngineSupport

/// Why a byte encoding could not be undone, with the offset into its input; the caller knows the place.
package struct DecodingFailure: Error, Sendable, Hashable {
  package var code: Diagnostic.Code
  package var message: String
  package var offset: Int

  init(_ code: Diagnostic.Code, _ message: String, at offset: Int) {
    self.code = code
    self.message = message
    self.offset = offset
  }
}
