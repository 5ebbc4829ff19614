import CLibXML2

/// Owns one libxml2 parser context and everything it allocates.
@safe
struct XMLContext: ~Copyable {
  let pointer: xmlParserCtxtPtr

  /// External entities are switched off once for the process, before the first parser exists.
  private static let prepared: Void = bartizan_xml_prepare()

  /// A context over a copy of `bytes` with all handlers removed; `nil` when memory is short.
  ///
  /// Never set here: NOENT, DTDLOAD, DTDATTR, DTDVALID, XINCLUDE. HUGE is set because without it
  /// libxml2 2.9 fails on a long tag or text near the end of a file over 10 MB ("Huge input lookup"); what
  /// it switches off is limited by `XMLPreflight` (size, attributes) and `XMLTreeBuilder` (depth, text,
  /// count, no entities at all) before libxml2's own limits would matter.
  init?(bytes: [UInt8]) {
    _ = Self.prepared
    guard let size = Int32(exactly: bytes.count) else { return nil }
    let created = unsafe bytes.withUnsafeBytes { buffer in
      unsafe xmlCreateMemoryParserCtxt(buffer.bindMemory(to: CChar.self).baseAddress, size)
    }
    guard let created = unsafe created else { return nil }
    unsafe pointer = unsafe created
    let options =
      XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_IGNORE_ENC.rawValue
      | XML_PARSE_HUGE.rawValue
    unsafe xmlCtxtUseOptions(pointer, Int32(options))
    unsafe bartizan_xml_clear_handlers(pointer)
  }

  deinit {
    if let document = unsafe pointer.pointee.myDoc { unsafe xmlFreeDoc(document) }
    unsafe xmlFreeParserCtxt(pointer)
  }
}
