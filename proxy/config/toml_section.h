// One table of the configuration while it is read: typed values with their ranges, mistakes with their place,
// and at the end every key that nobody asked for.
#ifndef ARBSTR_PROXY_CONFIG_TOML_SECTION_H_
#define ARBSTR_PROXY_CONFIG_TOML_SECTION_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proxy/config/environment.h"
#include "proxy/config/toml.h"

namespace arbstr::proxy {

// What is wrong with a file. Sorted by place when taken.
class Diagnostics {
 public:
  explicit Diagnostics(std::string file) : file_(std::move(file)) {}
  void Add(const toml::source_region& where, const std::string& key, const std::string& what);
  bool empty() const { return errors_.empty(); }
  // "FILE:LINE:COLUMN: KEY: what", by line.
  std::vector<std::string> Take();

 private:
  struct Error {
    std::uint32_t line, column;
    std::string text;
  };
  const std::string file_;
  std::vector<Error> errors_;
};

class TomlSection {
 public:
  static constexpr std::int64_t kLongestMillis = 7LL * 24 * 3600 * 1000;  // a week

  // `path`: of the table, "" for the file's own. Everything given outlives this; a null table reads as an
  // empty one.
  TomlSection(const toml::table* table, std::string path, Diagnostics& errors, const Environment& env)
      : table_(table), path_(std::move(path)), errors_(errors), env_(env) {}

  // Each leaves `out` as it is where the key is absent or wrong, and says what is wrong.
  void Integer(const char* key, std::int64_t low, std::int64_t high, std::int64_t& out);
  template <typename Int>
  void Integer(const char* key, std::int64_t low, std::int64_t high, Int& out) {
    std::int64_t value = static_cast<std::int64_t>(out);
    Integer(key, low, high, value);
    out = static_cast<Int>(value);
  }
  void Millis(const char* key, std::int64_t low, std::chrono::milliseconds& out);  // to kLongestMillis
  void Number(const char* key, double low, double high, double& out);
  void Bool(const char* key, bool& out);
  void String(const char* key, std::string& out);
  void String(const char* key, std::optional<std::string>& out);
  void Strings(const char* key, std::vector<std::string>& out);
  void Integers(const char* key, std::int64_t low, std::int64_t high, std::vector<std::int64_t>& out);
  // A table's entries in file order, as read(name, node).
  void Entries(const char* key, const std::function<void(const toml::key&, const toml::node&)>& read);
  // `choices`: pairs of a name and its value.
  template <typename Choices, typename Enum>
  void Choice(const char* key, const Choices& choices, Enum& out) {
    std::optional<std::string> text;
    String(key, text);
    if (!text) return;
    std::string known;
    for (const auto& [name, value] : choices) {
      if (*text == name) {
        out = value;
        return;
      }
      known += std::string(known.empty() ? "\"" : ", \"") + name + "\"";
    }
    Mistake(key, "must be one of " + known);
  }
  TomlSection Table(const char* key);
  std::vector<TomlSection> Tables(const char* key);

  // `${VAR}` expanded; nothing, and a mistake, where a variable is not set.
  std::optional<std::string> Expanded(const toml::node& node, const std::string& key,
                                      const std::string& text);

  bool Has(const char* key);
  // The variables that the string at `key` names as ${VAR}.
  std::vector<std::string> Variables(const char* key);
  void Mistake(const std::string& key, const std::string& what);  // at the key, else at the table
  std::string KeyPath(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }
  const std::string& path() const { return path_; }
  // Every key that was not asked for is a mistake, with the nearest one that was.
  void RefuseUnknownKeys();

 private:
  const toml::node* Find(const char* key);

  const toml::table* table_;
  std::string path_;
  Diagnostics& errors_;
  const Environment& env_;
  std::vector<std::string> known_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_TOML_SECTION_H_
