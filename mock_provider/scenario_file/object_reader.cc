#include "mock_provider/scenario_file/object_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "mock_provider/scenario_file/nearest_name.h"

namespace mock_provider {

using json = nlohmann::ordered_json;

void Mistakes::Add(const std::string& path, const std::string& what) {
  if (Full()) {
    ++left_out_;
  } else {
    lines_.push_back(path.empty() ? what : path + ": " + what);
  }
}

std::string Mistakes::Joined() const {
  std::string text = fmt::format("{}", fmt::join(lines_, "\n"));
  if (left_out_ > 0) text += fmt::format("\nand {} more", left_out_);
  return text;
}

ObjectReader::ObjectReader(const json& value, std::string path, Mistakes& mistakes, const std::string& whole)
    : value_(value), path_(std::move(path)), mistakes_(mistakes) {
  if (!value_.is_object()) {
    mistakes_.Add(path_.empty() ? whole : path_,
                  fmt::format("must be an object, not {}", value_.type_name()));
  }
}

bool ObjectReader::Has(const std::string& field) const {
  return value_.is_object() && value_.contains(field);
}

std::string ObjectReader::PathOf(const std::string& field) const {
  return path_.empty() ? field : path_ + "." + field;
}

void ObjectReader::Mistake(const std::string& field, const std::string& what) {
  mistakes_.Add(field.empty() ? path_ : PathOf(field), what);
}

const json* ObjectReader::Find(const std::string& field) {
  if (std::find(known_.begin(), known_.end(), field) == known_.end()) known_.push_back(field);
  return Has(field) ? &value_.at(field) : nullptr;
}

std::optional<std::string> ObjectReader::String(const std::string& field) {
  const json* value = Find(field);
  if (!value) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  Mistake(field, fmt::format("must be a string, not {}", value->type_name()));
  return std::nullopt;
}

std::optional<bool> ObjectReader::Bool(const std::string& field) {
  const json* value = Find(field);
  if (!value) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  Mistake(field, fmt::format("must be true or false, not {}", value->type_name()));
  return std::nullopt;
}

std::optional<double> ObjectReader::Number(const std::string& field, double min, double max) {
  const json* value = Find(field);
  if (!value) return std::nullopt;
  if (value->is_number()) {
    const double number = value->get<double>();
    if (number >= min && number <= max) return number;
  }
  const bool bounded = max < std::numeric_limits<double>::max();
  Mistake(field, bounded ? fmt::format("must be a number from {} to {}", min, max)
                         : fmt::format("must be a number, {} or more", min));
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::Integer(const std::string& field, std::int64_t min,
                                                  std::int64_t max) {
  const json* value = Find(field);
  if (!value) return std::nullopt;
  if (value->is_number_integer() &&
      !(value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX)) {
    const auto number = value->get<std::int64_t>();
    if (number >= min && number <= max) return number;
  }
  if (min == max) {
    Mistake(field, fmt::format("must be {}", min));
  } else {
    Mistake(field, max == INT64_MAX ? fmt::format("must be a whole number, {} or more", min)
                                    : fmt::format("must be a whole number from {} to {}", min, max));
  }
  return std::nullopt;
}

std::vector<std::string> ObjectReader::Strings(const std::string& field) {
  std::vector<std::string> strings;
  Each(field, [&](const json& element, const std::string& path) {
    if (element.is_string()) {
      strings.push_back(element.get<std::string>());
    } else {
      mistakes_.Add(path, fmt::format("must be a string, not {}", element.type_name()));
    }
  });
  return strings;
}

std::optional<std::size_t> ObjectReader::OneOf(const std::string& field,
                                               const std::vector<std::string>& names) {
  const std::optional<std::string> value = String(field);
  if (!value) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *value);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string nearest = NearestName(*value, names);
  Mistake(field, fmt::format("\"{}\" is none of {}{}", *value, fmt::join(names, ", "),
                             nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest)));
  return std::nullopt;
}

void ObjectReader::Each(const std::string& field,
                        const std::function<void(const json&, const std::string&)>& element) {
  const json* value = Find(field);
  if (!value) return;
  if (!value->is_array()) {
    Mistake(field, fmt::format("must be an array, not {}", value->type_name()));
    return;
  }
  for (std::size_t i = 0; i < value->size(); ++i)
    element((*value)[i], fmt::format("{}[{}]", PathOf(field), i));
}

bool ObjectReader::Finish() {
  bool all_known = true;
  if (!value_.is_object()) return all_known;
  for (const auto& [field, value] : value_.items()) {
    if (std::find(known_.begin(), known_.end(), field) != known_.end()) continue;
    all_known = false;
    const std::string nearest = mistakes_.Full() ? "" : NearestName(field, known_);
    Mistake(field, nearest.empty() ? fmt::format("unknown field; known here: {}", fmt::join(known_, ", "))
                                   : fmt::format("unknown field (did you mean \"{}\"?)", nearest));
  }
  return all_known;
}

}  // namespace mock_provider
