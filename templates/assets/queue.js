// The button of a topic that plays its episodes one after another.
export const init = () => {
  const button = document.querySelector(".mg-queue button")
  if (button) button.onclick = async () => {
    const episodes = [...button.closest("section").querySelectorAll("li[data-audio] > a")]
    const player = await import("./player.js")
    player.playAll(episodes.map(link => link.href))
  }
}
