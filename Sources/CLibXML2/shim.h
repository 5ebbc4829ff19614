// libxml2 as Swift sees it: the parser, and the few things that are macros or mutable globals in C.
#ifndef BARTIZAN_CLIBXML2_SHIM_H
#define BARTIZAN_CLIBXML2_SHIM_H

#include <libxml/xmlversion.h>
// Without this, ICU's headers collide with those of Foundation in one file.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/// Removes every default handler, so that no tree is built and nothing is printed.
static inline void bartizan_xml_clear_handlers(xmlParserCtxtPtr context) {
  memset(context->sax, 0, sizeof(xmlSAXHandler));
  context->sax->initialized = XML_SAX2_MAGIC;
}

/// Whether the document type declaration that was just announced goes on with an internal subset.
static inline int bartizan_xml_has_internal_subset(xmlParserCtxtPtr context) {
  return context->input != NULL && context->input->cur != NULL && *context->input->cur == '[';
}

/// Byte offset of the '<' of the tag that was just read. A start tag holds no other '<', so walking
/// back to the nearest one finds it, however the attributes are broken over lines.
static inline unsigned long bartizan_xml_tag_offset(xmlParserCtxtPtr context) {
  xmlParserInputPtr input = context->input;
  if (input == NULL || input->cur == NULL || input->base == NULL) return 0;
  const xmlChar *tag = input->cur;
  while (tag > input->base && *tag != '<') tag--;
  if (*tag != '<') tag = input->cur;
  return input->consumed + (unsigned long)(tag - input->base);
}

static inline xmlParserInputPtr bartizan_xml_no_entity(
    const char *url, const char *identifier, xmlParserCtxtPtr context) {
  (void)url;
  (void)identifier;
  (void)context;
  return NULL;
}

/// Prepares the library once a process: external entities are never loaded, from any scheme.
static inline void bartizan_xml_prepare(void) {
  xmlInitParser();
  xmlSetExternalEntityLoader(bartizan_xml_no_entity);
}

#endif
