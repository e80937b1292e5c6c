#include "proxy/config/toml_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "proxy/config/nearest_key.h"

namespace arbstr::proxy {

namespace {

// A line a mistake, though the file's text that is quoted in it may have others.
std::string OneLine(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
  return text;
}

// Else it may be a secret that was put there in its place.
bool IsVariableName(std::string_view name) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return !name.empty() && std::ranges::all_of(name, fits);
}

}  // namespace

void Diagnostics::Add(const toml::source_region& where, const std::string& key, const std::string& what) {
  errors_.push_back(
      {where.begin.line, where.begin.column,
       OneLine(fmt::format("{}:{}:{}: {}: {}", file_, where.begin.line, where.begin.column, key, what))});
}

std::vector<std::string> Diagnostics::Take() {
  std::ranges::stable_sort(errors_, [](const Error& a, const Error& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  std::vector<std::string> lines;
  for (Error& error : errors_) lines.push_back(std::move(error.text));
  return lines;
}

const toml::node* TomlSection::Find(const char* key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

bool TomlSection::Has(const char* key) { return Find(key) != nullptr; }

std::vector<std::string> TomlSection::Variables(const char* key) {
  std::vector<std::string> names;
  const toml::node* node = Find(key);
  if (node == nullptr || !node->is_string()) return names;
  const std::string& text = **node->as_string();
  for (size_t at = 0; (at = text.find("${", at)) != text.npos;) {
    const size_t close = text.find('}', at);
    if (close == text.npos) break;
    names.push_back(text.substr(at + 2, close - at - 2));
    at = close;
  }
  return names;
}

void TomlSection::Mistake(const std::string& key, const std::string& what) {
  const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
  const toml::source_region nowhere{};
  errors_.Add(node != nullptr     ? node->source()
              : table_ != nullptr ? table_->source()
                                  : nowhere,
              KeyPath(key), what);
}

void TomlSection::Integer(const char* key, std::int64_t low, std::int64_t high, std::int64_t& out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const auto value = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
  if (!value || *value < low || *value > high) {
    return Mistake(key, fmt::format("must be a whole number from {} to {}", low, high));
  }
  out = *value;
}

void TomlSection::Millis(const char* key, std::int64_t low, std::chrono::milliseconds& out) {
  std::int64_t value = out.count();
  Integer(key, low, kLongestMillis, value);
  out = std::chrono::milliseconds(value);
}

void TomlSection::Number(const char* key, double low, double high, double& out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const auto value = node->is_number() ? node->value<double>() : std::nullopt;
  if (!value || !std::isfinite(*value) || *value < low || *value > high) {
    return Mistake(key, fmt::format("must be a number from {} to {}", low, high));
  }
  out = *value;
}

void TomlSection::Bool(const char* key, bool& out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  if (!node->is_boolean()) return Mistake(key, "must be true or false");
  out = **node->as_boolean();
}

std::optional<std::string> TomlSection::Expanded(const toml::node& node, const std::string& key,
                                                 const std::string& text) {
  std::string expanded;
  size_t at = 0;
  for (size_t open; (open = text.find("${", at)) != text.npos;) {
    const size_t close = text.find('}', open);
    if (close == text.npos) {
      errors_.Add(node.source(), KeyPath(key), "has a ${ without its }");
      return std::nullopt;
    }
    const std::string name = text.substr(open + 2, close - open - 2);
    const auto value = env_(name);
    if (!value) {
      errors_.Add(node.source(), KeyPath(key),
                  IsVariableName(name) ? fmt::format("the environment variable {} is not set", name)
                                       : "what stands in ${} is not the name of an environment variable");
      return std::nullopt;
    }
    expanded += text.substr(at, open - at) + *value;
    at = close + 1;
  }
  return expanded + text.substr(at);
}

void TomlSection::String(const char* key, std::optional<std::string>& out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  if (!node->is_string()) return Mistake(key, "must be a string");
  if (auto text = Expanded(*node, key, **node->as_string())) out = std::move(text);
}

void TomlSection::String(const char* key, std::string& out) {
  std::optional<std::string> text;
  String(key, text);
  if (text) out = *std::move(text);
}

void TomlSection::Strings(const char* key, std::vector<std::string>& out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  if (!node->is_array()) return Mistake(key, "must be an array of strings");
  std::vector<std::string> values;
  for (const toml::node& entry : *node->as_array()) {
    if (!entry.is_string()) return Mistake(key, "must be an array of strings");
    if (auto text = Expanded(entry, key, **entry.as_string())) values.push_back(*std::move(text));
  }
  out = std::move(values);
}

void TomlSection::Integers(const char* key, std::int64_t low, std::int64_t high,
                           std::vector<std::int64_t>& out) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  const std::string wanted = fmt::format("must be an array of whole numbers from {} to {}", low, high);
  if (!node->is_array()) return Mistake(key, wanted);
  std::vector<std::int64_t> values;
  for (const toml::node& entry : *node->as_array()) {
    const auto value = entry.is_integer() ? entry.value<std::int64_t>() : std::nullopt;
    if (!value || *value < low || *value > high) return Mistake(key, wanted);
    values.push_back(*value);
  }
  out = std::move(values);
}

void TomlSection::Entries(const char* key,
                          const std::function<void(const toml::key&, const toml::node&)>& read) {
  const toml::node* node = Find(key);
  if (node == nullptr) return;
  if (!node->is_table()) return Mistake(key, "must be a table, { name = value, … }");
  std::vector<std::pair<const toml::key*, const toml::node*>> entries;
  for (const auto& [name, value] : *node->as_table()) entries.emplace_back(&name, &value);
  std::ranges::sort(entries, [](const auto& a, const auto& b) {
    const auto x = a.first->source().begin, y = b.first->source().begin;
    return std::pair(x.line, x.column) < std::pair(y.line, y.column);
  });
  for (const auto& [name, value] : entries) read(*name, *value);
}

TomlSection TomlSection::Table(const char* key) {
  const toml::node* node = Find(key);
  if (node != nullptr && !node->is_table()) Mistake(key, fmt::format("must be a table: [{}]", KeyPath(key)));
  return {node == nullptr ? nullptr : node->as_table(), KeyPath(key), errors_, env_};
}

std::vector<TomlSection> TomlSection::Tables(const char* key) {
  std::vector<TomlSection> sections;
  const toml::node* node = Find(key);
  if (node == nullptr) return sections;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    Mistake(key, fmt::format("must be an array of tables: [[{}]]", KeyPath(key)));
    return sections;
  }
  for (const toml::node& entry : *array) {
    if (!entry.is_table()) {
      Mistake(key, fmt::format("must be an array of tables: [[{}]]", KeyPath(key)));
      break;
    }
    sections.push_back(
        {entry.as_table(), fmt::format("{}[{}]", KeyPath(key), sections.size()), errors_, env_});
  }
  return sections;
}

void TomlSection::RefuseUnknownKeys() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (std::ranges::find(known_, name) != known_.end()) continue;
    const std::string nearest = NearestKey(name, known_);
    errors_.Add(key.source(), KeyPath(name),
                nearest.empty() ? "unknown key" : fmt::format("unknown key; did you mean \"{}\"?", nearest));
  }
}

}  // namespace arbstr::proxy
