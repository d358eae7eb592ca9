// Conditions, ranges and codings, as they come together in the answer to a request for a file.
#include "protocol/http/file_response.h"

#include "base/request_head_builder.h"
#include "protocol/http/byte_range.h"
#include "protocol/http/date.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol::http {
namespace {

constexpr std::int64_t modified = 784111777;  // the date below
const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";
const std::string earlier = "Sun, 06 Nov 1994 08:49:36 GMT";
const std::string later = "Sun, 06 Nov 2094 08:49:38 GMT";

RequestHead head_of(const HeaderList& fields, std::string_view method = "GET") {
  RequestHeadBuilder builder;
  builder.begin(method, "/file.js");
  for (const auto& [name, value] : fields) builder.add(name, value);
  return builder.finish();
}

FileState state_of(std::uint64_t size) {
  return {size, modified, 5, 7};
}

FileContent content(std::uint64_t size = 1000) {
  return {size, validators_of(state_of(size), ContentCoding::identity),
          "text/javascript; charset=utf-8"};
}

const std::string tag = entity_tag(state_of(1000), ContentCoding::identity);

FileResponse answer(const HeaderList& fields, std::uint64_t size = 1000,
                    std::string_view method = "GET") {
  return answer_file(head_of(fields, method), content(size), {"no-cache", {}}, modified + 60);
}

std::string field(const HttpResponse& response, std::string_view name) {
  std::string values;
  for (const auto& [each, value] : response.headers) {
    if (each == name) values += (values.empty() ? "" : "|") + value;
  }
  return values;
}

// "206 500+10", "304".
std::string words_of(const FileResponse& answer) {
  std::string words = std::to_string(answer.response.status);
  if (answer.has_content) {
    words += ' ' + std::to_string(answer.first) + '+' + std::to_string(answer.length);
  }
  return words;
}

TEST(AFile, ComesWithWhatTellsItsStatesApart) {
  const FileResponse whole = answer({});
  EXPECT_EQ(words_of(whole), "200 0+1000");
  EXPECT_EQ(field(whole.response, "ETag"), tag);
  EXPECT_EQ(field(whole.response, "Last-Modified"), date);
  EXPECT_EQ(field(whole.response, "Accept-Ranges"), "bytes");
  EXPECT_EQ(field(whole.response, "Cache-Control"), "no-cache");
  EXPECT_EQ(field(whole.response, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(field(whole.response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(field(whole.response, "Vary"), "");
  EXPECT_EQ(words_of(answer({}, 0)), "200 0+0");
}

TEST(AFile, HasAnotherTagInAnotherState) {
  const FileState state = state_of(1000);
  std::vector<std::string> tags{tag, entity_tag(state, ContentCoding::gzip),
                                entity_tag(state, ContentCoding::brotli)};
  for (auto member : {&FileState::size, &FileState::number}) {
    FileState other = state;
    ++(other.*member);
    tags.push_back(entity_tag(other, ContentCoding::identity));
  }
  FileState other = state;
  ++other.modified_nanoseconds;
  tags.push_back(entity_tag(other, ContentCoding::identity));
  other = state;
  other.modified = -1;
  tags.push_back(entity_tag(other, ContentCoding::identity));
  std::ranges::sort(tags);
  EXPECT_EQ(std::ranges::adjacent_find(tags), tags.end());
}

struct Case {
  HeaderList fields;
  std::string words;
};

TEST(AFile, IsNotSentToWhoHasIt) {
  std::string long_list;
  while (long_list.size() < 64u << 10) long_list += R"("other", W/"another\", )";
  const std::vector<Case> cases{
      {{{"If-None-Match", tag}}, "304"},
      {{{"If-None-Match", "W/" + tag}}, "304"},
      {{{"If-None-Match", "*"}}, "304"},
      {{{"If-None-Match", " * "}}, "304"},
      {{{"If-None-Match", R"("a,b", "c\", )" + tag}}, "304"},
      {{{"If-None-Match", "\"a\""}, {"If-None-Match", tag}}, "304"},
      {{{"If-None-Match", long_list + tag}}, "304"},
      {{{"If-None-Match", long_list}}, "200 0+1000"},
      {{{"If-None-Match", "\"a\", *"}}, "200 0+1000"},
      {{{"If-None-Match", "w/" + tag}}, "200 0+1000"},
      {{{"If-None-Match", tag.substr(1)}}, "200 0+1000"},
      {{{"If-None-Match", tag.substr(0, tag.size() - 1)}}, "200 0+1000"},
      {{{"If-None-Match", ""}}, "200 0+1000"},
      {{{"If-Modified-Since", date}}, "304"},
      {{{"If-Modified-Since", later}}, "304"},
      {{{"If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"}}, "304"},
      {{{"If-Modified-Since", earlier}}, "200 0+1000"},
      {{{"If-Modified-Since", "yesterday"}}, "200 0+1000"},
      {{{"If-Modified-Since", ""}}, "200 0+1000"},
      {{{"If-Modified-Since", date}, {"If-Modified-Since", date}}, "200 0+1000"},
      {{{"If-None-Match", "\"a\""}, {"If-Modified-Since", date}}, "200 0+1000"},
      {{{"If-None-Match", tag}, {"If-Modified-Since", earlier}}, "304"},
      {{{"If-None-Match", tag}, {"Range", "bytes=0-1"}}, "304"},
      {{{"If-None-Match", tag}, {"Range", "bytes=1000-"}}, "304"},
  };
  for (const Case& each : cases) EXPECT_EQ(words_of(answer(each.fields)), each.words);
  EXPECT_EQ(words_of(answer({{"If-None-Match", tag}}, 1000, "HEAD")), "304");
  const FileResponse fresh = answer({{"If-None-Match", tag}});
  EXPECT_EQ(field(fresh.response, "ETag"), tag);
  EXPECT_EQ(field(fresh.response, "Cache-Control"), "no-cache");
  EXPECT_EQ(field(fresh.response, "Content-Type"), "");
}

TEST(AFile, IsNotSentToWhoWantsAnotherState) {
  const std::vector<Case> cases{
      {{{"If-Match", tag}}, "200 0+1000"},
      {{{"If-Match", "*"}}, "200 0+1000"},
      {{{"If-Match", "\"a\""}}, "412"},
      {{{"If-Match", "W/" + tag}}, "412"},
      {{{"If-Match", tag}, {"If-Unmodified-Since", earlier}}, "200 0+1000"},
      {{{"If-Match", tag}, {"If-None-Match", tag}}, "304"},
      {{{"If-Match", "\"a\""}, {"If-None-Match", tag}}, "412"},
      {{{"If-Unmodified-Since", date}}, "200 0+1000"},
      {{{"If-Unmodified-Since", earlier}}, "412"},
      {{{"If-Unmodified-Since", "garbage"}}, "200 0+1000"},
  };
  for (const Case& each : cases) EXPECT_EQ(words_of(answer(each.fields)), each.words);
}

TEST(AFile, IsSentInPartsToWhoAsksForOne) {
  std::string many = "bytes=0-0";
  for (int i = 0; i < 10'000; ++i) many += ",0-0";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"bytes=0-", "206 0+1000"},
      {"bytes=0-0", "206 0+1"},
      {"bytes=0-999", "206 0+1000"},
      {"bytes=500-509", "206 500+10"},
      {"bytes=999-", "206 999+1"},
      {"bytes=990-5000", "206 990+10"},
      {"bytes=990-99999999999999999999999", "206 990+10"},
      {"bytes=-1", "206 999+1"},
      {"bytes=-1000", "206 0+1000"},
      {"bytes=-5000", "206 0+1000"},
      {"bytes=-99999999999999999999999", "206 0+1000"},
      {"Bytes=1-2", "206 1+2"},
      {"bytes= 1-2 ", "206 1+2"},
      {"bytes=1-2,", "206 1+2"},
      {"bytes=1000-", "416"},
      {"bytes=1000-1000", "416"},
      {"bytes=-0", "416"},
      {"bytes=99999999999999999999-", "416"},
      {"bytes=18446744073709551615-18446744073709551615", "416"},
      {"bytes=5-2", "200 0+1000"},
      {"bytes=5", "200 0+1000"},
      {"bytes=-", "200 0+1000"},
      {"bytes=", "200 0+1000"},
      {"bytes=a-b", "200 0+1000"},
      {"bytes=1-b", "200 0+1000"},
      {"bytes=+1-2", "200 0+1000"},
      {"bytes=0x1-2", "200 0+1000"},
      {"bytes=1 - 2", "200 0+1000"},
      {"bytes=--1", "200 0+1000"},
      {"bytes=1-2-3", "200 0+1000"},
      {"bytes 1-2", "200 0+1000"},
      {"bytes", "200 0+1000"},
      {"1-2", "200 0+1000"},
      {"", "200 0+1000"},
      {"seconds=1-2", "200 0+1000"},
      {"bytes=0-0,2-3", "200 0+1000"},
      {"bytes=2000-,3000-", "200 0+1000"},
      {many, "200 0+1000"},
  };
  for (const auto& [range, words] : cases) {
    EXPECT_EQ(words_of(answer({{"Range", range}})), words) << range;
    EXPECT_EQ(words_of(answer({{"Range", range}}, 1000, "HEAD")), "200 0+1000") << range;
  }
  EXPECT_EQ(words_of(answer({{"Range", "bytes=0-1"}, {"Range", "bytes=0-1"}})), "200 0+1000");
  EXPECT_EQ(field(answer({{"Range", "bytes=500-509"}}).response, "Content-Range"),
            "bytes 500-509/1000");
  EXPECT_EQ(field(answer({{"Range", "bytes=1000-"}}).response, "Content-Range"), "bytes */1000");
}

TEST(AFile, OfNothingHasNoParts) {
  EXPECT_EQ(words_of(answer({{"Range", "bytes=0-"}}, 0)), "416");
  EXPECT_EQ(words_of(answer({{"Range", "bytes=-1"}}, 0)), "200 0+0");
}

TEST(AFile, OfTheLargestSizeIsCountedRightly) {
  constexpr std::uint64_t largest = ~std::uint64_t{0};
  EXPECT_EQ(words_of(answer({{"Range", "bytes=0-"}}, largest)), "206 0+" + std::to_string(largest));
}

TEST(AFile, IsSentAsAWholeWhereThePartWouldNotFit) {
  const auto words = [](const std::string& condition) {
    return words_of(answer({{"If-Range", condition}, {"Range", "bytes=0-1"}}));
  };
  EXPECT_EQ(words(tag), "206 0+2");
  EXPECT_EQ(words(date), "206 0+2");
  for (const std::string& other : {"W/" + tag, std::string("\"a\""), earlier, later,
                                   std::string("garbage"), std::string(), tag + ", \"a\""}) {
    EXPECT_EQ(words(other), "200 0+1000") << other;
  }
  EXPECT_EQ(words_of(answer({{"If-Range", "\"a\""}, {"Range", "bytes=1000-"}})), "200 0+1000");
}

TEST(AFile, WithoutAKnownTimeIsToldApartByItsTagAlone) {
  FileContent file = content();
  file.validators.modified.reset();
  const auto answer_to = [&](const HeaderList& fields) {
    return words_of(answer_file(head_of(fields), file, {}, modified + 60));
  };
  EXPECT_EQ(field(answer_file(head_of({}), file, {}, modified).response, "Last-Modified"), "");
  for (const std::string& time : {earlier, date, later, std::string("garbage")}) {
    EXPECT_EQ(answer_to({{"If-Modified-Since", time}}), "200 0+1000");
    EXPECT_EQ(answer_to({{"If-Unmodified-Since", time}}), "200 0+1000");
    EXPECT_EQ(answer_to({{"If-Range", time}, {"Range", "bytes=0-9"}}), "200 0+1000");
  }
  EXPECT_EQ(answer_to({{"If-Range", tag}, {"Range", "bytes=0-9"}}), "206 0+10");
  EXPECT_EQ(answer_to({{"If-None-Match", tag}}), "304");
}

// A clock that was set back, or a file that came with its time from a machine ahead of this one.
TEST(AFile, IsNotFromLaterThanNow) {
  const auto answer_at = [](std::time_t now, const HeaderList& fields) {
    return answer_file(head_of(fields), content(), {"no-cache", {}}, now).response;
  };
  const std::string now = format_date(modified - 3600);
  EXPECT_EQ(field(answer_at(modified - 3600, {}), "Last-Modified"), now);
  EXPECT_EQ(answer_at(modified - 3600, {{"If-Modified-Since", now}}).status, 200);
  EXPECT_EQ(answer_at(modified - 3600, {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(field(answer_at(modified, {}), "Last-Modified"), format_date(modified));
}

TEST(AFile, ComesWithTheFieldsOfItsFolder) {
  const FileFields fields{"max-age=60",
                          {{"X-Robot", "arm"}, {"vary", "Cookie"}, {"Content-Type", "x/y"}}};
  FileContent file = content();
  file.coding = ContentCoding::gzip;
  file.has_codings = true;
  const HttpResponse response = answer_file(head_of({}), file, fields, modified).response;
  EXPECT_EQ(field(response, "X-Robot"), "arm");
  EXPECT_EQ(field(response, "Cache-Control"), "max-age=60");
  EXPECT_EQ(field(response, "Content-Type"), "x/y");
  EXPECT_EQ(field(response, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(response, "Vary") + field(response, "vary"), "Accept-EncodingCookie");
  EXPECT_TRUE(check_file_fields(fields));
  for (const FileFields& wrong :
       {FileFields{"a\nb", {}}, FileFields{"", {{"a b", "c"}}},
        FileFields{"", {{"a", "b\r\nc: d"}}}, FileFields{"", {{"content-length", "5"}}},
        FileFields{"", {{"ETag", "\"a\""}}}}) {
    EXPECT_FALSE(check_file_fields(wrong));
  }
}

std::string codings(const HeaderList& fields) {
  std::string names;
  for (const ContentCoding coding : accepted_codings(head_of(fields))) {
    const std::string_view name = coding_name(coding);
    names.append(names.empty() ? "" : " ").append(name.empty() ? "plain" : name);
  }
  return names;
}

TEST(ACoding, IsTheOneThatTheClientLikesBest) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"gzip, deflate, br", "br gzip plain"},
      {"gzip", "gzip plain"},
      {"GZIP", "gzip plain"},
      {"x-gzip", "gzip plain"},
      {"br;q=0.5, gzip", "gzip br plain"},
      {"br;q=0.5, gzip ; Q=0.4", "br gzip plain"},
      {"*", "br gzip plain"},
      {"*;q=0.1, gzip;q=0", "br plain"},
      {"identity, gzip;q=0.9", "plain gzip"},
      {"identity;q=0.001, gzip;q=0.002", "gzip plain"},
      {"gzip;q=0.000", "plain"},
      {"gzip;q=1.000", "gzip plain"},
      {"gzip;q=1.5", "plain"},
      {"gzip;q=2", "plain"},
      {"gzip;q=0.0001", "plain"},
      {"gzip;q=-1", "plain"},
      {"gzip;q=", "plain"},
      {"gzip;level=9", "plain"},
      {"identity;q=0", "plain"},
      {"*;q=0", "plain"},
      {"", "plain"},
      {",,;,=", "plain"},
      {"gzipped, brotli", "plain"},
  };
  for (const auto& [wishes, names] : cases) {
    EXPECT_EQ(codings({{"Accept-Encoding", wishes}}), names) << wishes;
  }
  EXPECT_EQ(codings({}), "plain");
  EXPECT_EQ(codings({{"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip"}}), "br gzip plain");
}

TEST(AType, IsThatOfTheEndingOrOfTheContent) {
  EXPECT_EQ(file_content_type("a.html", ""), "text/html; charset=utf-8");
  EXPECT_EQ(file_content_type("a.tar.gz", ""), "application/gzip");
  EXPECT_EQ(file_content_type("a.unknown", "text"), "application/octet-stream");
  EXPECT_EQ(file_content_type("who?.txt", ""), "text/plain; charset=utf-8");
  EXPECT_EQ(file_content_type("C#.unknown", ""), "application/octet-stream");
  EXPECT_EQ(file_content_type("LICENSE", "mine \u00fc"), "text/plain; charset=utf-8");
  EXPECT_EQ(file_content_type("LICENSE", "cut \xc3"), "text/plain; charset=utf-8");
  EXPECT_EQ(file_content_type("LICENSE", ""), "text/plain; charset=utf-8");
  EXPECT_EQ(file_content_type("program", std::string_view("\x7f\0", 2)),
            "application/octet-stream");
  EXPECT_EQ(file_content_type("program", "\xff\xfe"), "application/octet-stream");
}

}  // namespace
}  // namespace simws::protocol::http
