// The catalogues as bytes of the program: `#embed` takes a file as it is, and compiles in no time.
#include "CCatalogues.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char attack_ics[] = {
#embed "Data/attack-ics.json"
};
static const unsigned char atlas[] = {
#embed "Data/atlas.json"
};
static const unsigned char cwe_capec[] = {
#embed "Data/cwe-capec.json"
};
static const unsigned char iec62443_3_3[] = {
#embed "Data/iec62443-3-3.json"
};
static const unsigned char iec62443_4_1[] = {
#embed "Data/iec62443-4-1.json"
};
static const unsigned char iec62443_4_2[] = {
#embed "Data/iec62443-4-2.json"
};
static const unsigned char iso42001[] = {
#embed "Data/iso42001.json"
};
static const unsigned char cra[] = {
#embed "Data/cra.json"
};
static const unsigned char ai_act[] = {
#embed "Data/ai-act.json"
};
static const unsigned char nist_ai_rmf[] = {
#embed "Data/nist-ai-rmf.json"
};
static const unsigned char nist_ai_100_2[] = {
#embed "Data/nist-ai-100-2.json"
};
static const unsigned char owasp_ml_top10[] = {
#embed "Data/owasp-ml-top10.json"
};
static const unsigned char aitm_clauses[] = {
#embed "Data/aitm-clauses.json"
};
static const unsigned char mappings[] = {
#embed "Data/mappings.json"
};
static const unsigned char digests[] = {
#embed "Data/SHA256SUMS"
};

#define FILE_OF(name, bytes) {name, bytes, sizeof bytes}

// In the order in which they are listed; SHA256SUMS is first.
static const bartizan_catalogue_file files[] = {
    FILE_OF("SHA256SUMS", digests),
    FILE_OF("attack-ics.json", attack_ics),
    FILE_OF("atlas.json", atlas),
    FILE_OF("cwe-capec.json", cwe_capec),
    FILE_OF("iec62443-3-3.json", iec62443_3_3),
    FILE_OF("iec62443-4-1.json", iec62443_4_1),
    FILE_OF("iec62443-4-2.json", iec62443_4_2),
    FILE_OF("iso42001.json", iso42001),
    FILE_OF("cra.json", cra),
    FILE_OF("ai-act.json", ai_act),
    FILE_OF("nist-ai-rmf.json", nist_ai_rmf),
    FILE_OF("nist-ai-100-2.json", nist_ai_100_2),
    FILE_OF("owasp-ml-top10.json", owasp_ml_top10),
    FILE_OF("aitm-clauses.json", aitm_clauses),
    FILE_OF("mappings.json", mappings),
};

const size_t bartizan_catalogue_file_count = sizeof files / sizeof files[0];

bartizan_catalogue_file bartizan_catalogue_file_at(size_t index) { return files[index]; }
