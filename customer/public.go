package customer

import "strings"

// PublicMailDomain reports whether a domain (as returned by EmailKey) belongs to
// a public mail provider. Such a domain doesn't identify the address's owner, so
// only exact addresses are compared (C07).
func PublicMailDomain(domain string) bool {
	switch strings.ToLower(domain) {
	case "gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "aol.com", "aim.com", "msn.com",
		"passport.com", "ymail.com", "rocketmail.com", "proton.me", "protonmail.com", "protonmail.ch", "pm.me",
		"tutanota.com", "tutanota.de", "tuta.io", "tuta.com", "fastmail.com", "fastmail.fm", "hushmail.com",
		"zohomail.com", "zoho.com", "zohomail.eu", "mail.com", "email.com", "usa.com", "hey.com", "inbox.com",
		"mailbox.org", "posteo.de", "posteo.net", "runbox.com", "lycos.com", "duck.com", "startmail.com",
		"qq.com", "vip.qq.com", "foxmail.com", "163.com", "vip.163.com", "126.com", "vip.126.com", "yeah.net",
		"188.com", "139.com", "189.cn", "wo.cn", "sina.com", "sina.cn", "vip.sina.com", "sohu.com", "vip.sohu.com",
		"tom.com", "21cn.com", "263.net", "aliyun.com", "88.com", "111.com",
		"naver.com", "daum.net", "hanmail.net", "nate.com", "kakao.com",
		"docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "nifty.com", "biglobe.ne.jp",
		"pchome.com.tw", "hinet.net", "rediffmail.com", "netvigator.com",
		"mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "rambler.ru", "yandex.ru", "yandex.com", "ya.ru",
		"ukr.net", "i.ua", "meta.ua",
		"web.de", "t-online.de", "freenet.de", "arcor.de", "online.de", "email.de", "vodafone.de", "bluewin.ch",
		"aon.at", "chello.at",
		"orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "neuf.fr", "bbox.fr", "numericable.fr",
		"libero.it", "virgilio.it", "alice.it", "tin.it", "tiscali.it", "fastwebnet.it",
		"telefonica.net", "terra.es", "sapo.pt", "ziggo.nl", "kpnmail.nl", "planet.nl", "xs4all.nl", "home.nl",
		"telenet.be", "skynet.be", "proximus.be", "telia.com", "seznam.cz", "centrum.cz", "email.cz",
		"wp.pl", "o2.pl", "onet.pl", "interia.pl", "op.pl", "abv.bg", "freemail.hu", "citromail.hu",
		"btinternet.com", "sky.com", "ntlworld.com", "virginmedia.com", "talktalk.net", "blueyonder.co.uk",
		"comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net",
		"earthlink.net", "optonline.net", "frontier.com", "juno.com", "rogers.com", "shaw.ca", "sympatico.ca",
		"bigpond.com", "bigpond.net.au", "optusnet.com.au", "xtra.co.nz",
		"uol.com.br", "bol.com.br", "terra.com.br", "ig.com.br", "globo.com", "prodigy.net.mx":
		return true
	}
	return mailFamily(strings.ToLower(domain))
}

// mailFamily matches providers with a domain per country: "yahoo.co.jp",
// "hotmail.fr".
func mailFamily(domain string) bool {
	first, rest, ok := strings.Cut(domain, ".")
	if !ok {
		return false
	}
	switch first {
	case "yahoo", "hotmail", "outlook", "live", "gmx":
	default:
		return false
	}
	top, second, two := strings.Cut(rest, ".")
	return len(top) >= 2 && len(top) <= 3 && (!two || len(second) == 2)
}
