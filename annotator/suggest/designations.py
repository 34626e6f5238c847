"""Recognises names by their form: weapons and vehicles by letters and number, ships by their
prefix, operations and resolutions.

`S-400`, `Shahed-136` and `USS Carney` follow patterns that no list can enumerate and that a
recogniser trained on newswire labels as groups and organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from annotator.lexicon.word_lists import words_of
from annotator.suggest import gazetteer
from annotator.suggest.name_shapes import HYPHENS
from annotator.suggest.numbers import kind_of

_H = "[-‐‑–]"  # hyphens, one of which no line breaks at
_VEHICLE = (
    rf"(?:[AFHKLMQRU]?C|AC|KC|EC|MC){_H}(?:5|17|27|123|130|135|141|160)[A-Z]*",  # transports
    rf"F/?A?{_H}(?:4|5|7|14|15|16|18|22|35|111|117)[A-Z]{{0,2}}|EA{_H}18G?|E{_H}[238][A-Z]?",
    rf"A{_H}(?:10|29|37|50)[A-Z]?|B{_H}(?:1B?|2A?|17|21|24|25|29|52[A-Z]?)|U{_H}2S?|SR{_H}71|P{_H}8A?",
    rf"(?:Su|SU|MiG|Mig|MIG|Tu|TU|Il|IL|Yak|An|AN|Mi|Ka|Be){_H}\d{{1,3}}[A-Z]{{0,3}}\d?",
    rf"J{_H}(?:[78]|1\d|20|31|35)[A-Z]?|JF{_H}17|JH{_H}7A?|H{_H}6[A-Z]?|Y{_H}(?:8|9|20)",  # China's
    rf"Z{_H}(?:8|9|1\d|20)|WZ{_H}(?:7|8|10)|KJ{_H}\d{{3}}|CH{_H}[3-7]|GJ{_H}\d{{1,2}}",
    rf"(?:[ACHMNOSU]H){_H}\d{{1,2}}[A-Z]{{0,2}}|[MC]?V{_H}22[A-Z]?|EC{_H}?\d{{3}}",  # helicopters
    rf"(?:[MR]Q|RQ|TB|CQ){_H}?\d{{1,2}}[A-Z]?|ScanEagle",
    rf"T{_H}(?:34|54|55|62|64|72|80|84|90|14)[A-Z]{{0,4}}\d?",
    rf"(?:BMP|BTR|BRDM|BMD|BMPT|AMX|ZBD|ZTZ|ZTQ|PT|BREM|BRM|LAV|VAB){_H}?\d{{1,3}}[A-Z]{{0,3}}",
    rf"M(?:1|2|3|48|60)A\d[A-Z]*\d?|M(?:109|113|88|1117|1126)(?:A\d)?|MT-LB|CV{_H}?90",
    rf"(?:Shahed|Geran|Orlan|Lancet|Mohajer|Ababil|Arash|Karrar|Samad|Qasef|Yasir|Forpost|Anka|Akinci"
    rf"|Akıncı|Bayraktar|Kaman|Harop|Heron|Hermes|Zala|ZALA|Leopard|Merkava|Challenger|Abrams"
    rf"|Bradley|Puma|Marder|Altay|Arjun|Oplot|Armata|Boomerang|Mirage|Rafale|Gripen|Kowsar|Saeqeh)"
    rf"{_H}[0-9A-Z]{{1,5}}",
)  # fmt: skip
_WEAPON = (
    rf"S{_H}(?:75|125|200|300|350|400|500)[A-Z]{{0,4}}\d?|SA{_H}\d{{1,2}}[A-Z]?|SS{_H}\d{{1,2}}",
    rf"AK{_H}?(?:47|74|10\d|12)[A-Z]{{0,2}}|AKM|AKS{_H}74U?|AN{_H}94|AR{_H}1[05]|RPG{_H}?\d{{0,2}}",
    rf"(?:BM|TOS|RM){_H}\d{{1,2}}[A-Z]?|2S\d{{1,2}}|D{_H}30|ZU{_H}23(?:-2)?|ZSU{_H}23(?:-4)?",
    rf"(?:Kh|KH|AIM|AGM|BGM|RGM|UGM|GBU|CBU|FIM|FGM|MIM|SM|RIM|LGM|AA|AS|KAB|FAB|OFAB|UMPK|PL|YJ|HQ|KN"
    rf"|DF|JL|CJ|KS|JDAM|PAC|LORA|SCALP){_H}\d{{1,4}}[A-Z]{{0,3}}",
    r"9[ABKMNP]\d{2,3}(?:[A-Z]\d?)?|3M\d{2}|M(?:4A1|16A\d|24[09][A-Z]?|777(?:A2)?|142|270)",
    rf"Mk\.?{_H}?(?:19|4[18]|8[1-4])|MP{_H}?5|G36|HK\d{{3}}|PKM|SVD|DShK|C{_H}4|IRIS-T|NASAMS",
    rf"(?:Fateh|Fattah|Zolfaghar|Zolfaqar|Zulfiqar|Qiam|Shahab|Hwasong|Nodong|Rodong|Taepodong|Musudan"
    rf"|Pukguksong|Burkan|Badr|Quds|Agni|Prithvi|Shaheen|Ghauri|Ababeel|Hatf|Scud|Iskander|Pantsir|Buk"
    rf"|Tor|Tochka|Bastion|Kalibr|Topol|Yars|Sarmat|Igla|Strela|Kornet|Konkurs|Fagot|Metis|Vikhr|Grad"
    rf"|Uragan|Smerch|Tornado|Vilkha|Fajr|Falaq|Raad|Khorramshahr|Sejjil|Sejil|Emad|Ghadr|Khaibar"
    rf"|Kheibar|Haj|Paveh|Hoveyzeh|Soumar|Noor|Nasr|Bavar|Khordad|Arrow|Barak|Trident|Minuteman"
    rf"|Tomahawk|Harpoon|Exocet|Neptune|Stinger|Javelin|Spike|Patriot|Avangard|Zircon|Tsirkon|Oreshnik"
    rf"|Qassam|Ayyash|Katyusha|Zelzal|Toophan|Almas|Sayyad|Mersad|Taer|Talash){_H}[0-9A-Z]{{1,5}}",
    r"ATACMS|HIMARS|GMLRS|MANPADS?|JASSM(?:-ER)?|JSOW|ATGMs?|S?VBIEDs?|ICBMs?|SLBMs?|IRBMs?",
)  # fmt: skip
_BY_LABEL = tuple(
    (label, re.compile(rf"(?:{'|'.join(patterns)})s?"))
    for label, patterns in (("WEAPON", _WEAPON), ("VEHICLE", _VEHICLE))
)
# Names of models that follow their number.
_NICKNAMES = words_of(
    "Reaper Predator Abrams Bradley Grad Smerch Uragan Hawk Falcon Eagle Raptor Hornet Growler"
    " Hercules Galaxy Stratofortress Stratotanker Lancer Spirit Raider Warthog Thunderbolt Viper"
    " Apache Chinook Cobra Osprey Lynx Stallion Knighthawk Seahawk Poseidon Triton Sentinel Sentry"
    " Flanker Fullback Foxhound Fulcrum Backfire Bear Blackjack Hind Hip Havoc Hokum Felon"
    " Javelin Stinger Hellfire Tomahawk Patriot Triumf Triumph Favorit Gauntlet Iskander Kinzhal"
    " Kinjal Msta Gvozdika Akatsiya Tyulpan Buratino Solntsepyok Kalashnikov Kornet Metis Konkurs"
    " Excalibur Paladin Dragunov Kochet Sukhoi Buk Tor Pantsir Strela Igla Verba Scud Satan Sarmat"
)
# Prefixes of ship names: navies, merchant ships, research vessels.
_SHIP = words_of(
    "USS USNS USCGC HMS RFA HMAS HMNZS HMCS HNLMS HNoMS HDMS HSwMS INS ROKS KRI BRP BNS PNS SLNS"
    " TCG ARA BAP ARM ORP FGS FNS ITS RSS RFS IRIS IRINS KD SAS NNS MV M/V MT M/T MS SS RMS RV R/V"
    " FV F/V MSC U.S.S. H.M.S. S.S. M.V. M.T."
)
# Prefixes with other meanings: the name after them must have no other reading.
_ANY = words_of("ARM ITS MS SS MT RSS KD SAS FNS MSC RV FV")
_SELDOM = frozenset(("INS", "IRIS", "ARA", "FGS"))
_BEFORE_SHIP = words_of(
    "the ship ferry tanker warship frigate destroyer carrier vessel submarine freighter"
)
_ROAD = re.compile(r"(?:[AMNER]-?|I-)\d{1,3}")
_ROADS = words_of("motorway highway freeway expressway autobahn")
_LONGEST_SHIP = 4
_WITHIN_SHIP = words_of("of the de la")
_LETTER = re.compile(r"[A-Z]\.")
_NUMBERED = re.compile(r"\d{1,4}")
_CAPITAL = re.compile(r"[A-Z][\w’'.-]*")


def designated(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The first word, end and label of each designation in `words`, without overlaps."""
    i = 0
    while i < len(words):
        found = _at(words, i)
        if found is not None:
            yield (i, *found)
            i = found[0]
        else:
            i += 1


def _at(words: Sequence[str], i: int) -> tuple[int, str] | None:
    word = words[i]
    if not word[:1].isupper() and not word[:1].isdigit():
        return None
    if word in _SHIP:
        end = _ship_end(words, i)
        return (end, "VEHICLE") if end else None
    if word == "Operation":
        end = _name_end(words, i + 1, longest=3)
        return (end, "EVENT") if end > i + 1 else None
    if word == "Resolution" and i + 1 < len(words) and _NUMBERED.fullmatch(words[i + 1]):
        return i + 2, "LAW"
    road = _ROAD.fullmatch(word) and i + 1 < len(words) and words[i + 1].lower() in _ROADS
    if road:
        return i + 2, "FAC"
    end, label = i + 1, label_of_designation(word)
    if label is None and end + 1 < len(words) and words[end] in HYPHENS:
        # Iskander-M, where a tokeniser divides at the hyphen.
        end, label = i + 3, label_of_designation(f"{word}-{words[i + 2]}")
    if label is None:
        return None
    if end < len(words) and len(words[end]) == 1 and words[end].isupper() and word[-1].isdigit():
        end += 1  # Su-24 M, where a tokeniser has cut it off
    while end < len(words) and words[end] in _NICKNAMES:
        end += 1
    return end, label


@cache
def label_of_designation(word: str) -> str | None:
    """WEAPON or VEHICLE for a designation of letters and a number; None for other words."""
    if len(word) < 3 or len(word) > 24:
        return None
    return next((label for label, pattern in _BY_LABEL if pattern.fullmatch(word)), None)


def _ship_end(words: Sequence[str], i: int) -> int | None:
    """The end of a ship's name that begins at `i`; None if there is none."""
    end = _name_end(words, i + 1, longest=_LONGEST_SHIP)
    if end == i + 1:
        return None
    known = i > 0 and words[i - 1].lower() in _BEFORE_SHIP
    if words[i] in _ANY and not known:
        return None
    doubtful = words[i] in _SELDOM and not known
    return None if doubtful and words[i + 1].lower() in gazetteer.titles() else end


def _name_end(words: Sequence[str], i: int, *, longest: int) -> int:
    """The end of the capitalised words from `i` on, except weekdays and months."""
    end = i
    while end < len(words) and end - i < longest:
        word = words[end]
        following = words[end + 1] if end + 1 < len(words) else ""
        if _CAPITAL.fullmatch(word) and kind_of(word) not in "WMm" and not word.endswith("'s"):
            end += 1
        elif end > i and word in _WITHIN_SHIP and following[:1].isupper():
            end += 2
        else:
            break
    return end
