public import ThreatLanguage

/// Writes a threat language for people: one page that needs no network, no script and no other file.
public enum LanguageReporter {
  /// The page as HTML (and well-formed XML): assets by category with inheritance, associations, steps with
  /// what leads to and from them, and the line of source behind each; every name links to its definition.
  public static func page(of language: CompiledLanguage) -> [UInt8] {
    var bytes = Array("<!DOCTYPE html>\n".utf8)
    LanguagePage(language).render().write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}
