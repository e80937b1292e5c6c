// Writes a C++ source with the contents of the files given: //proxy/dashboard:page_files. Run by the build.
#include <openssl/sha.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

namespace {

const std::map<std::string, std::string> kContentTypes = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

// Three octal digits end an escape whatever follows.
std::string Escaped(char c) {
  if (c == '"' || c == '\\') return {'\\', c};
  if (c >= 0x20 && c < 0x7f) return {c};
  char octal[5];
  std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return octal;
}

// A line of the file is a line of the literal.
std::string Literal(const std::string& text) {
  std::string literal = "\"";
  for (const char c : text) {
    literal += Escaped(c);
    if (c == '\n') literal += "\"\n    \"";
  }
  return literal + "\"";
}

// Half of a SHA-256 in hexadecimal: other bytes have another tag.
std::string EntityTag(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string tag = "\"";
  for (int i = 0; i < SHA256_DIGEST_LENGTH / 2; ++i) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned>(digest[i]));
    tag += hex;
  }
  return tag + "\"";
}

std::string UrlPath(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  return name == "index.html" ? "/dashboard" : "/dashboard/" + name;
}

}  // namespace

int main(int argc, char** argv) {
  std::cout << "#include \"proxy/dashboard/page_files.h\"\n\nnamespace arbstr::proxy {\nnamespace {\n\n"
            << "using std::string_view_literals::operator\"\"sv;\n\nconstexpr PageFile kFiles[] = {\n";
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path file(argv[i]);
    const auto type = kContentTypes.find(file.extension().string());
    std::ifstream input(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(input), {}};
    if (type == kContentTypes.end() || !input || text.empty()) {
      std::cerr << argv[i] << ": unreadable, empty, or of a type that has no name in embed.cc\n";
      return 1;
    }
    std::cout << "    {" << Literal(UrlPath(file)) << "sv, " << Literal(type->second) << "sv, "
              << Literal(EntityTag(text)) << "sv,\n     " << Literal(text) << "sv},\n";
  }
  std::cout << "};\n\n}  // namespace\n\nstd::span<const PageFile> PageFiles() { return kFiles; }\n\n"
            << "}  // namespace arbstr::proxy\n";
  return std::cout.flush() ? 0 : 1;
}
